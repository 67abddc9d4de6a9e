"""Who gets what at every address. A new address fails the test until it has its line here.

Statuses for a plain GET: 200 shown, 302 sent elsewhere (a draft is neither withdrawn nor reopened: back to its page), 404 not there for this person, 405 not by GET of the administrators' site.
`LOGIN` is the redirect of a visitor who is not logged in.
"""

LOGIN = "login"

ROLES = (
    "visitor",
    "hamhiep.canbo",
    "hamthuanbac.chuyenvien",
    "hamthuanbac.lanhdao",
    "duclinh.chuyenvien",
    "tinh.chuyenvien",
    "tinh.lanhdao",
    "hoidong1",
    "quantri",
)

#                                   visitor commune officer leader other  province leader council admin
EVERYONE = (200,) * 9
LOGGED_IN = (LOGIN, *(200,) * 8)
CONFIRMS = (LOGIN, *(302,) * 8)  # asks for the password once more
BY_POST = (LOGIN, *(302,) * 8)  # asked for otherwise, it sends to the page with its form; what a POST gets stands in POSTS
OWN = (LOGIN, 200, 200, 200, 404, 200, 200, 404, 404)  # what is Hàm Hiệp's: the commune, its district, the province
PREPARES = (LOGIN, 200, 200, 404, 404, 404, 404, 404, 404)  # what Hàm Hiệp proposes, for who writes for it
ABOVE = (LOGIN, 404, 200, 200, 404, 200, 200, 404, 404)  # Hàm Thuận Bắc's own report: the district and those above it
RUNS = (LOGIN, 404, 200, 404, 404, 404, 404, 404, 404)  # Hàm Thuận Bắc's own round, for who runs it
JUDGES = (LOGIN, 404, 404, 404, 404, 404, 404, 200, 404)
KEEPS = (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404)  # who keeps a body's papers
FOLLOWED = (LOGIN, 404, 200, 200, 404, 404, 404, 404, 404)  # Hàm Thuận Bắc's own decision, for its people
NAMED = (LOGIN, 200, 200, 200, 404, 200, 200, 404, 404)  # and for those above and below whose models it names
GIVEN = (LOGIN, 200, 200, 200, 404, 200, 200, 200, 404)  # OWN, and the member of the council who was given it
KEEPER = (LOGIN, 404, 404, 404, 404, 200, 404, 404, 404)  # who keeps the public pages: the province's staff
ADMINISTERS = (LOGIN, *(404,) * 7, 200)
SENT_LIST = (
    LOGIN,
    404,
    200,
    404,
    404,
    200,
    404,
    404,
    404,
)  # a list of outcomes of Hàm Thuận Bắc: who runs its rounds, and those above
MATRIX = {
    "portal:home": EVERYONE,
    "portal:catalogue": EVERYONE,
    "portal:model": EVERYONE,
    "portal:share-picture": EVERYONE,
    "portal:line": EVERYONE,
    "portal:lines": EVERYONE,
    "portal:how-to": EVERYONE,
    "portal:how-to-pdf": EVERYONE,
    "portal:figures": EVERYONE,
    "portal:figure-list": EVERYONE,
    "portal:suggest": EVERYONE,
    "portal:verify-any": EVERYONE,
    "portal:units": EVERYONE,
    "portal:unit": EVERYONE,
    "portal:verify": EVERYONE,
    "portal:open-data": EVERYONE,
    "portal:download": EVERYONE,
    "portal:feed": EVERYONE,
    "portal:feed-recognised": EVERYONE,
    "portal:feed-unit": EVERYONE,
    "portal:robots": EVERYONE,
    "portal:security-txt": EVERYONE,
    "portal:security": EVERYONE,
    "portal:healthz": EVERYONE,
    "portal:readyz": EVERYONE,
    "sitemap": EVERYONE,
    "django.contrib.sitemaps.views.sitemap": EVERYONE,
    "api:root": EVERYONE,
    "api:schema": EVERYONE,
    "api:seasons": EVERYONE,
    "api:fields_of_work": EVERYONE,
    "api:units": EVERYONE,
    "api:registrations": EVERYONE,
    "api:model": EVERYONE,
    "api:figures": EVERYONE,
    "portal:map": EVERYONE,
    "portal:stories": EVERYONE,
    "portal:story": EVERYONE,
    "portal:booklets": EVERYONE,
    "portal:booklet": EVERYONE,
    "portal:ask": EVERYONE,
    "portal:asked": EVERYONE,
    "portal:language": (302,) * 9,
    "dashboard": (LOGIN, 404, 404, 404, 404, 200, 200, 404, 404),
    "move-accounts": (LOGIN, *(404,) * 7, 302),  # asks for the password once more
    "naming:home": ADMINISTERS,
    "naming:add": ADMINISTERS,
    "naming:correct": ADMINISTERS,
    "setting-up:home": ADMINISTERS,
    "setting-up:levels": ADMINISTERS,
    "setting-up:account": (LOGIN, *(404,) * 7, 302),  # asks for the password once more
    "units:upload": ADMINISTERS,
    **{f"units:{page}": ADMINISTERS for page in ("list", "review", "columns", "discard")},
    **{  # asks for the password once more
        f"people:{page}": (LOGIN, *(404,) * 7, 302) for page in ("upload", "list", "review", "columns", "discard", "undo")
    },
    "organisation:waiting": (LOGIN, *(404,) * 5, 200, 404, 200),
    "organisation:waiting-role": (LOGIN, *(404,) * 5, 302, 404, 404),  # quantri gave it: the board's leader confirms it
    "organisation:waiting-password": (LOGIN, *(404,) * 5, 302, 404, 404),
    "desk:home": KEEPER,
    "desk:new-story": KEEPER,
    "desk:story": KEEPER,
    "desk:requests": KEEPER,
    "desk:request": KEEPER,
    "desk:booklet": BY_POST,
    "desk:contact": (LOGIN, 200, 200, 404, 404, 200, 404, 404, 404),
    "models_registry:work": LOGGED_IN,
    "models_registry:open-season": (LOGIN, 404, 404, 404, 404, 200, 404, 404, 200),
    "models_registry:invite": (LOGIN, 404, 404, 404, 404, 200, 404, 404, 200),
    **{f"models_registry:basis{name}": (LOGIN, *(200,) * 6, 404, 200) for name in ("", "-file")},
    "models_registry:board": (LOGIN, 200, 200, 200, 200, 200, 200, 404, 404),
    "models_registry:many": (LOGIN, 404, 302, 302, 302, 302, 404, 404, 404),
    "models_registry:remind": BY_POST,
    "models_registry:saved-view": BY_POST,
    "models_registry:verdicts": (LOGIN, 200, 200, 200, 200, 200, 200, 404, 404),
    "models_registry:verdict": BY_POST,
    "models_registry:extensions": (LOGIN, 404, 404, 404, 404, 200, 200, 404, 404),
    "models_registry:assign": (LOGIN, 404, 404, 404, 404, 200, 200, 404, 404),
    "models_registry:start": (LOGIN, 200, 200, 404, 200, 404, 404, 404, 404),
    "models_registry:carry-on": BY_POST,
    "models_registry:move-draft": BY_POST,
    "models_registry:registration": OWN,
    "models_registry:form-worker": EVERYONE,
    "models_registry:comments": (LOGIN, 200, 200, 200, 404, 200, 404, 404, 404),
    "models_registry:write": (LOGIN, 200, 200, 302, 404, 302, 302, 404, 404),
    "models_registry:save": BY_POST,
    "models_registry:alike": OWN,
    "models_registry:different": BY_POST,
    "models_registry:send": (LOGIN, 200, 200, 302, 404, 302, 302, 404, 404),
    "models_registry:check": (LOGIN, 404, 302, 302, 404, 302, 404, 404, 404),  # what waits no more: to its page
    "models_registry:compare": OWN,
    "models_registry:check-save": BY_POST,
    "models_registry:check-undo": BY_POST,
    "models_registry:queue": (LOGIN, 404, 200, 200, 200, 200, 404, 404, 404),  # nothing waits in this season
    "models_registry:keys": LOGGED_IN,
    "models_registry:withdraw": (LOGIN, 302, 302, 404, 404, 404, 404, 404, 404),
    "models_registry:reopen": (LOGIN, 404, 302, 302, 404, 302, 404, 404, 404),
    "models_registry:discard": (LOGIN, 200, 200, 404, 404, 404, 404, 404, 404),
    "models_registry:bin": LOGGED_IN,
    "models_registry:tag": BY_POST,
    "models_registry:output": BY_POST,
    "models_registry:output-remove": (LOGIN, 409, 409, 409, 404, 409, 404, 404, 404),
    "models_registry:files-add": BY_POST,
    "models_registry:files": OWN,
    "models_registry:file-change": BY_POST,
    "models_registry:history": OWN,
    "models_registry:imports": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:upload": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:batches": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:batch": RUNS,  # who sent the files, alone
    "models_registry:batch-progress": RUNS,
    "models_registry:batch-add": BY_POST,
    "models_registry:batch-store": RUNS,
    "models_registry:batch-stop": BY_POST,
    "models_registry:batch-discard": RUNS,
    "models_registry:batch-undo": (LOGIN, *(404,) * 8),  # nothing was stored
    "models_registry:import": (LOGIN, 404, 200, 404, 404, 200, 404, 404, 404),
    "models_registry:mapping": (LOGIN, 404, 302, 404, 404, 302, 404, 404, 404),  # this file could not be opened: back to its page
    "models_registry:remembered": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:forget": (LOGIN, 404, 200, 404, 404, 200, 404, 404, 404),
    "models_registry:forget-list": (LOGIN, *(404,) * 8),  # none is remembered
    "models_registry:import-progress": (LOGIN, 404, 200, 404, 404, 200, 404, 404, 404),
    "models_registry:import-confirm": BY_POST,
    "models_registry:import-cancel": BY_POST,
    "models_registry:import-mend": BY_POST,
    "models_registry:import-marked": (LOGIN, *(404,) * 8),  # nothing was refused in this one
    "models_registry:import-undo": (LOGIN, *(404,) * 8),  # nothing was stored
    "models_registry:template": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:themes": (LOGIN, 404, 404, 404, 404, 200, 404, 404, 404),
    "models_registry:links": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "models_registry:link": BY_POST,
    "models_registry:find-earlier": (LOGIN, *(404,) * 8),
    "models_registry:twice": BY_POST,
    "models_registry:import-many": (LOGIN, *(404,) * 8),  # it was not read
    "models_registry:import-earlier": (LOGIN, *(404,) * 8),  # without a row
    "models_registry:import-discard": (LOGIN, 404, 200, 404, 404, 200, 404, 404, 404),
    "models_registry:look-again": BY_POST,
    "models_registry:join": KEEPER,
    "replication:home": LOGGED_IN,
    "replication:open": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "replication:record": (LOGIN, 200, 200, 404, 200, 200, 404, 404, 404),
    "replication:own": LOGGED_IN,
    "replication:late": (LOGIN, *(200,) * 6, 404, 404),
    "replication:suggestions": (LOGIN, *(200,) * 6, 404, 404),
    "replication:how-to": (LOGIN, 200, 200, 200, 404, 200, 404, 404, 404),  # who writes, or checks, the model's registration
    "replication:visits": LOGGED_IN,
    "replication:calendar": LOGGED_IN,
    "replication:ask-visit": (LOGIN, 200, 200, 404, 200, 200, 404, 404, 404),
    "replication:record-visit": (LOGIN, 200, 200, 404, 200, 200, 404, 404, 404),
    "replication:visit": OWN,
    "replication:visit-calendar": OWN,
    "replication:visit-photo": OWN,
    "replication:adoption": LOGGED_IN,  # that a unit took a model on is a public fact; who does it is not
    "replication:evidence": OWN,
    "replication:campaign": LOGGED_IN,
    "replication:edit": (LOGIN, 404, 200, *(404,) * 6),
    "replication:targets": (LOGIN, 404, 200, *(404,) * 6),
    "replication:directive": OWN,
    "reports:home": (LOGIN, *(200,) * 6, 404, 404),
    "reports:sent": (LOGIN, *(404,) * 4, 200, 200, 404, 404),
    "reports:report": ABOVE,
    "reports:progress": ABOVE,
    "reports:write": (LOGIN, 404, 200, *(404,) * 6),
    "reports:freeze": (LOGIN, 404, 404, 200, *(404,) * 5),
    "reports:recount": ABOVE,
    "reports:rows": ABOVE,
    "reports:file": ABOVE,
    "recognition:rounds": LOGGED_IN,
    "recognition:open": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "recognition:round": GIVEN,
    "recognition:edit": RUNS,
    "recognition:advance": RUNS,
    "recognition:reopen": RUNS,
    "recognition:remind": RUNS,
    "recognition:waiting": FOLLOWED,
    "recognition:round-units": FOLLOWED,
    "recognition:rules": GIVEN,
    "recognition:round-extensions": RUNS,
    "recognition:candidates": (LOGIN, 302, 302, 404, 404, 404, 404, 404, 404),  # no proposals are taken any more: to the round
    "recognition:quotas": BY_POST,
    "recognition:council": RUNS,
    "recognition:assignments": RUNS,
    "recognition:scoring": JUDGES,
    "recognition:sheet": JUDGES,
    "recognition:sheet-save": BY_POST,
    "recognition:sheet-absent": (LOGIN, 404, 404, 404, 404, 404, 404, 302, 404),  # the last day is long past
    "recognition:sheet-interest": JUDGES,
    "recognition:scores": (LOGIN, *(404,) * 8),  # not before the joint phase
    "recognition:dossier-attachment": GIVEN,
    "recognition:paper-picture": (LOGIN, *(404,) * 8),  # a PDF of five letters has no page
    "recognition:standings": (LOGIN, *(404,) * 8),  # not before the joint phase
    "recognition:sheets-word": (LOGIN, *(404,) * 8),  # no sheet was handed in yet
    "recognition:summary-word": (LOGIN, *(404,) * 8),
    "recognition:official": (LOGIN, *(404,) * 8),  # nor this
    "recognition:cut": BY_POST,
    "recognition:meeting": (LOGIN, *(404,) * 8),  # no meeting was called yet
    "recognition:vote": (LOGIN, *(404,) * 8),
    "recognition:minutes": (LOGIN, *(404,) * 8),
    "recognition:decisions": (LOGIN, *(404,) * 8),  # nothing is decided yet
    "recognition:all-decisions": LOGGED_IN,
    "recognition:draft": (LOGIN, 404, 302, 302, 404, 404, 404, 404, 404),  # published: to the decision
    "recognition:draft-save": BY_POST,
    "recognition:draft-word": FOLLOWED,
    "recognition:draft-publish": (LOGIN, 404, 302, 302, 404, 404, 404, 404, 404),  # published: to the decision
    "recognition:introduce": (LOGIN, *(404,) * 8),  # not of the province
    "recognition:introduce-back": (LOGIN, *(404,) * 8),
    "recognition:decision": NAMED,
    "recognition:decision-file": FOLLOWED,
    "recognition:appeal": BY_POST,
    "recognition:visits": RUNS,
    "recognition:visit": RUNS,
    "recognition:visit-worker": EVERYONE,
    "recognition:visit-photo-add": BY_POST,
    "recognition:visit-photo": (LOGIN, 404, 200, 200, 404, 404, 404, 200, 404),
    "recognition:commendations": (LOGIN, 404, 200, 200, 200, 200, 404, 404, 404),
    "recognition:conferences": (LOGIN, 404, 200, 200, 200, 200, 404, 404, 404),
    "recognition:conference": FOLLOWED,
    "recognition:conference-print": FOLLOWED,
    "recognition:conference-invitation": FOLLOWED,
    "recognition:conference-agenda": FOLLOWED,
    "recognition:conference-calendar": FOLLOWED,
    "recognition:certificates": FOLLOWED,
    "recognition:certificates-progress": FOLLOWED,
    "recognition:certificate-file": FOLLOWED,
    "recognition:certificates-file": FOLLOWED,
    "recognition:layouts": KEEPS,
    "recognition:layout-sample": (LOGIN, 404, 200, *(404,) * 6),
    "recognition:sheet-reopen": RUNS,
    "recognition:dossier": GIVEN,
    "recognition:paper": BY_POST,
    "recognition:dossier-change": BY_POST,
    "recognition:paper-file": (LOGIN, 200, 200, 200, 404, 404, 404, 200, 404),  # it lists other units' models too
    "recognition:paper-page": (LOGIN, 200, 200, 200, 404, 404, 404, 200, 404),
    "recognition:packet": OWN,
    "recognition:packet-file": OWN,
    "recognition:packet-meeting": BY_POST,
    "recognition:packet-number": BY_POST,
    "recognition:packet-papers": BY_POST,
    "recognition:packet-send": PREPARES,
    "recognition:packet-withdraw": PREPARES,
    "recognition:packet-take-out": PREPARES,
    "recognition:criteria": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "recognition:grades": (LOGIN, 404, 200, 404, 200, 200, 404, 404, 404),
    "recognition:outcome-lists": KEEPS,
    "recognition:outcome-list": SENT_LIST,
    "recognition:outcome-mapping": (LOGIN, 404, 302, 404, 404, 302, 404, 404, 404),  # its file is gone
    "recognition:outcome-row": SENT_LIST,
    "recognition:outcome-discard": SENT_LIST,
    "recognition:outcome-undo": (LOGIN, *(404,) * 8),  # nothing was stored
    "papers:home": KEEPS,
    "papers:catalogue": (LOGIN, *(200,) * 6, 404, 404),
    "papers:template": KEEPS,
    "papers:template-file": KEEPS,
    "file": (404, *OWN[1:]),
    "help:home": LOGGED_IN,
    "help:manual": LOGGED_IN,
    "help:end-tour": BY_POST,
    "notifications:list": LOGGED_IN,
    "notifications:follow": (LOGIN, 302, *(404,) * 7),
    "notifications:read-all": BY_POST,
    "notifications:mail-choice": BY_POST,
    "account_login": (200, *(302,) * 8),
    "account_logout": (302, *(200,) * 8),
    "account_inactive": EVERYONE,
    "account_reauthenticate": LOGGED_IN,
    "account_change_password": LOGGED_IN,
    "mfa_index": LOGGED_IN,
    "mfa_authenticate": (LOGIN, *(302,) * 8),
    "mfa_reauthenticate": (LOGIN, *(302,) * 8),
    "mfa_activate_totp": CONFIRMS,
    "mfa_deactivate_totp": (LOGIN, *(404,) * 8),
    "mfa_view_recovery_codes": (LOGIN, *(404,) * 8),
    "mfa_generate_recovery_codes": CONFIRMS,
    "mfa_download_recovery_codes": (LOGIN, *(404,) * 8),
    "mfa_list_webauthn": LOGGED_IN,
    "mfa_add_webauthn": CONFIRMS,
    "mfa_reauthenticate_webauthn": (LOGIN, *(302,) * 8),
    "mfa_remove_webauthn": CONFIRMS,
    "mfa_edit_webauthn": CONFIRMS,
    "mfa_login_webauthn": (LOGIN, *(302,) * 8),
}

# What a page is asked for, where it shows nothing otherwise.
_OF_HAM_HIEP = {"mo-hinh": "lo-dot-rac-ho-gia-dinh-ham-hiep"}
ASKED = {
    "replication:record": _OF_HAM_HIEP,
    "replication:ask-visit": _OF_HAM_HIEP,
    "replication:record-visit": _OF_HAM_HIEP,
    "reports:rows": {"so": "dang-ky"},
}

# What a POST gets, with nothing but SENT in it: 302, 409 and 422 it was looked at, 404 not there for this person.
SENT = {
    "replication:open": _OF_HAM_HIEP,
    "replication:record": _OF_HAM_HIEP | {"don-vi": "x"},
    "replication:ask-visit": _OF_HAM_HIEP,
    "replication:record-visit": _OF_HAM_HIEP,
    "replication:visit": {"viec": "anh"},
    "reports:report": {"viec": "dem-lai"},
    "replication:adoption": {"viec": "ket-qua"},
    "models_registry:check": {"viec": "nhan"},
    "models_registry:start": {"don-vi": "ham-thuan-bac/xa-ham-hiep"},
    "recognition:assignments": {"viec": "giao"},
    "recognition:dossier-change": {"viec": "rut"},
}
#        visitor commune officer leader other province leader council admin
WRITES = (LOGIN, 302, 302, 404, 404, 404, 404, 404, 404)
REFUSED = (LOGIN, 422, 422, 404, 404, 404, 404, 404, 404)
FOLLOWS = (LOGIN, 302, 302, 302, 404, 302, 404, 404, 404)
IMPORTS = (LOGIN, 404, 302, 404, 404, 302, 404, 404, 404)
SENDS = (LOGIN, 404, 302, *(404,) * 6)
KEPT_BY_POST = (LOGIN, 404, 404, 404, 404, 422, 404, 404, 404)
POSTS = {
    "portal:ask": (422,) * 9,
    "portal:verify": (422,) * 9,  # a certificate that was signed, and no file
    "naming:add": (LOGIN, *(404,) * 7, 422),
    "naming:correct": (LOGIN, *(404,) * 7, 422),
    "setting-up:levels": (LOGIN, *(404,) * 7, 422),
    "setting-up:account": (LOGIN, *(404,) * 7, 302),
    "units:upload": (LOGIN, *(404,) * 7, 422),
    "people:upload": (LOGIN, *(404,) * 7, 302),
    "people:undo": (LOGIN, *(404,) * 7, 302),
    **{f"units:{page}": (LOGIN, *(404,) * 7, 302) for page in ("review", "discard")},
    "organisation:waiting-role": (LOGIN, *(404,) * 5, 302, 404, 404),
    "organisation:waiting-password": (LOGIN, *(404,) * 5, 302, 404, 404),
    "desk:new-story": KEPT_BY_POST,
    "desk:story": KEPT_BY_POST,
    "desk:request": KEPT_BY_POST,
    "desk:booklet": (LOGIN, 404, 404, 404, 404, 302, 404, 404, 404),
    "desk:contact": (LOGIN, 422, 422, 404, 404, 422, 404, 404, 404),
    "move-accounts": (LOGIN, *(404,) * 7, 302),
    "models_registry:open-season": (LOGIN, 404, 404, 404, 404, 422, 404, 404, 422),
    "models_registry:basis": (LOGIN, 404, 404, 404, 404, 422, 404, 404, 422),
    "models_registry:many": (LOGIN, 404, 302, 302, 302, 302, 404, 404, 404),
    "models_registry:saved-view": (LOGIN, *(302,) * 6, 404, 404),
    "models_registry:verdicts": (LOGIN, 422, 422, 422, 422, 422, 404, 404, 404),
    "models_registry:verdict": (LOGIN, 422, 422, 422, 404, 422, 404, 404, 404),
    "models_registry:remind": (LOGIN, 404, 200, 200, 200, 200, 404, 404, 404),
    "models_registry:extensions": (LOGIN, 404, 404, 404, 404, 422, 422, 404, 404),
    "models_registry:assign": (LOGIN, 404, 404, 404, 404, 422, 422, 404, 404),
    "models_registry:start": (LOGIN, 302, 404, 404, 404, 404, 404, 404, 404),
    "models_registry:carry-on": (LOGIN, 302, 302, 404, 302, 404, 404, 404, 404),
    "models_registry:move-draft": (LOGIN, 302, 302, 404, 302, 404, 404, 404, 404),
    "models_registry:write": REFUSED,
    "models_registry:comments": (LOGIN, 422, 422, 422, 404, 422, 404, 404, 404),
    "models_registry:save": (LOGIN, 200, 200, 404, 404, 404, 404, 404, 404),
    "models_registry:different": REFUSED,
    "models_registry:send": REFUSED,
    "models_registry:check": (LOGIN, 404, 409, 409, 404, 409, 404, 404, 404),
    "models_registry:check-save": (LOGIN, 404, 409, 409, 404, 409, 404, 404, 404),
    "models_registry:check-undo": (LOGIN, *(404,) * 8),  # nobody has decided anything just now
    "models_registry:keys": (LOGIN, *(302,) * 8),
    "models_registry:withdraw": REFUSED,
    "models_registry:reopen": (LOGIN, 404, 422, 422, 404, 422, 404, 404, 404),
    "models_registry:bin": (LOGIN, *(404,) * 8),  # nothing lies there
    "models_registry:tag": FOLLOWS,
    "models_registry:output": FOLLOWS,
    "models_registry:output-remove": (LOGIN, 409, 409, 409, 404, 409, 404, 404, 404),
    "models_registry:files-add": WRITES,
    "models_registry:file-change": WRITES,
    "models_registry:upload": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "models_registry:batch-add": tuple(422 if got == 302 else got for got in SENDS),
    **{f"models_registry:batch{name}": SENDS for name in ("", "-store", "-stop", "-discard", "-undo")},
    "models_registry:mapping": IMPORTS,
    "models_registry:forget": IMPORTS,
    "models_registry:forget-list": (LOGIN, *(404,) * 8),
    "models_registry:import-confirm": IMPORTS,
    "models_registry:import-cancel": IMPORTS,
    "models_registry:import-mend": IMPORTS,
    "models_registry:import-undo": (LOGIN, *(404,) * 8),
    "models_registry:themes": (LOGIN, 404, 404, 404, 404, 422, 404, 404, 404),
    "models_registry:link": (LOGIN, *(404,) * 8),  # a draft asks nothing
    "models_registry:find-earlier": (LOGIN, *(404,) * 8),
    "models_registry:twice": (LOGIN, *(404,) * 8),
    "models_registry:import-many": (LOGIN, *(404,) * 8),
    "models_registry:import-earlier": (LOGIN, *(404,) * 8),
    "models_registry:import-discard": IMPORTS,
    "models_registry:look-again": (LOGIN, *(404,) * 8),  # no unit is named
    "models_registry:join": (LOGIN, 404, 404, 404, 404, 409, 404, 404, 404),
    "notifications:read-all": BY_POST,
    "notifications:mail-choice": BY_POST,
    "replication:open": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "replication:record": (LOGIN, 422, 422, 404, 422, 422, 404, 404, 404),
    "replication:campaign": (LOGIN, *(404,) * 8),
    "replication:edit": (LOGIN, 404, 422, *(404,) * 6),
    "replication:targets": (LOGIN, 404, 409, *(404,) * 6),
    "replication:adoption": (LOGIN, 422, 422, 404, 404, 422, 404, 404, 404),
    "replication:how-to": (LOGIN, 422, 422, 422, 404, 422, 404, 404, 404),
    "replication:ask-visit": (LOGIN, 422, 422, 404, 422, 422, 404, 404, 404),
    "replication:record-visit": (LOGIN, 422, 422, 404, 422, 422, 404, 404, 404),
    "replication:visit": (LOGIN, 409, 409, 404, 404, 409, 404, 404, 404),
    "reports:home": (LOGIN, *(422,) * 6, 404, 404),
    "reports:report": (LOGIN, 404, 302, *(404,) * 6),
    "reports:write": (LOGIN, 404, 302, *(404,) * 6),
    "reports:freeze": (LOGIN, 404, 404, 409, *(404,) * 5),
    "recognition:open": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:edit": (LOGIN, 404, 422, *(404,) * 6),
    "recognition:advance": (LOGIN, 404, 200, 404, 404, 404, 404, 404, 404),  # no way was chosen
    "recognition:reopen": (LOGIN, 404, 409, *(404,) * 6),
    "recognition:remind": (LOGIN, 404, 422, *(404,) * 6),
    "recognition:round-extensions": (LOGIN, 404, 422, 404, 404, 404, 404, 404, 404),
    "recognition:candidates": (LOGIN, 302, 302, 404, 404, 404, 404, 404, 404),
    "recognition:quotas": (LOGIN, 404, 302, 404, 404, 404, 404, 404, 404),
    "recognition:council": (LOGIN, 404, 422, 404, 404, 404, 404, 404, 404),
    "recognition:assignments": (LOGIN, 404, 409, 404, 404, 404, 404, 404, 404),  # nobody was chosen
    "recognition:sheet": (LOGIN, 404, 404, 404, 404, 404, 404, 409, 404),  # the last day is long past
    "recognition:sheet-save": (LOGIN, 404, 404, 404, 404, 404, 404, 409, 404),
    "recognition:sheet-absent": (LOGIN, 404, 404, 404, 404, 404, 404, 409, 404),
    "recognition:sheet-interest": (LOGIN, 404, 404, 404, 404, 404, 404, 409, 404),
    "recognition:scores": (LOGIN, *(404,) * 8),
    "recognition:sheet-reopen": (LOGIN, 404, 422, 404, 404, 404, 404, 404, 404),
    "recognition:official": (LOGIN, *(404,) * 8),
    "recognition:cut": (LOGIN, 404, 302, 404, 404, 404, 404, 404, 404),
    "recognition:meeting": (LOGIN, *(404,) * 8),
    "recognition:vote": (LOGIN, *(404,) * 8),
    "recognition:decisions": (LOGIN, *(404,) * 8),
    "recognition:draft": (LOGIN, 404, 302, 302, 404, 404, 404, 404, 404),
    "recognition:draft-save": (LOGIN, 404, 409, 404, 404, 404, 404, 404, 404),  # published
    "recognition:introduce": (LOGIN, *(404,) * 8),  # not of the province
    "recognition:introduce-back": (LOGIN, *(404,) * 8),
    "recognition:decision": (LOGIN, 404, 404, 404, 404, 404, 404, 404, 404),
    "recognition:appeal": (LOGIN, 409, 409, 404, 404, 404, 404, 404, 404),
    "recognition:visits": (LOGIN, 404, 422, *(404,) * 6),
    "recognition:visit": (LOGIN, 404, 409, *(404,) * 6),
    "recognition:visit-photo-add": (LOGIN, 404, 409, *(404,) * 6),
    "recognition:commendations": (LOGIN, *(404,) * 8),
    "recognition:conferences": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:conference": (LOGIN, *(404,) * 8),  # an entry that is none
    "recognition:certificates": (LOGIN, 404, 302, 302, 404, 404, 404, 404, 404),
    "recognition:layouts": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "papers:home": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "papers:catalogue": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "papers:template": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:paper": WRITES,
    "recognition:dossier-change": (LOGIN, 409, 409, 404, 404, 404, 404, 404, 404),
    "recognition:packet-meeting": REFUSED,  # it was sent, and nothing of it came back
    "recognition:packet-number": REFUSED,
    "recognition:packet-papers": WRITES,
    "recognition:packet-send": (LOGIN, 409, 409, 404, 404, 404, 404, 404, 404),
    "recognition:packet-withdraw": (LOGIN, 409, 409, 404, 404, 404, 404, 404, 404),
    "recognition:packet-take-out": (LOGIN, 409, 409, 404, 404, 404, 404, 404, 404),
    "recognition:criteria": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:grades": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:outcome-lists": (LOGIN, 404, 422, 404, 422, 422, 404, 404, 404),
    "recognition:outcome-list": (LOGIN, 404, 422, 404, 404, 422, 404, 404, 404),
    "recognition:outcome-mapping": (LOGIN, 404, 302, 404, 404, 302, 404, 404, 404),
    "recognition:outcome-row": (LOGIN, 404, 302, 404, 404, 302, 404, 404, 404),
    "recognition:outcome-undo": (LOGIN, *(404,) * 8),
    "models_registry:discard": WRITES,  # the last: it takes the draft away
}

# The administrators' site: there for the role that administers, for no one else.
ADMIN_ELSEWHERE = {  # pages of the site that answer an administrator's GET otherwise than by 200
    "admin:<path:object_id>/": 404,  # an address that is none
    "admin:autocomplete": 403,
    "admin:login": 404,  # the portal has its own
    "admin:logout": 405,
    "admin:models_registry_season_add": 403,  # a season is opened on a page of its own
    "admin:organisation_auditevent_add": 403,  # the audit trail is read
    "admin:organisation_auditevent_delete": 403,
    "admin:organisation_roledemand_changelist": 302,  # asks for the password once more
    "admin:organisation_unit_delete": 403,  # what has been in force is ended
    "admin:organisation_user_delete": 403,  # accounts are closed
    **{  # ask for the password once more
        f"admin:{page}": 302
        for page in (
            "auth_user_password_change",
            "organisation_user_add",
            "organisation_user_change",
            "organisation_user_close",
            "organisation_user_reopen",
        )
    },
    "admin:view_on_site": 404,
}
