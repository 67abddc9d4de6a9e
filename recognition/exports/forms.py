"""The papers of a round, as plans of blocks (columns: those seen in use, ../docs and design papers)."""

from papers.enums import Symbol
from papers.kinds import Closing, Column, Each, PaperForm, Para, Table, TwoSigns, declare

ROUND = {
    "nam": "năm thi đua",
    "dot": "tên đợt xét",
    "cap": "mức công nhận, chữ thường: cấp tỉnh",
    "don_vi": "đơn vị lập giấy này",
}
MODEL = {
    "tt": "số thứ tự",
    "ten": "tên mô hình",
    "nguoi": "tập thể, cá nhân thực hiện",
    "don_vi": "đơn vị",
    "linh_vuc": "lĩnh vực",
    "loai": "tập thể hay cá nhân",
    "diem": "điểm",
    "ghi_chu": "ghi chú",
}

PROPOSAL = declare(
    PaperForm(
        slug="to-trinh",
        name="Tờ trình đề nghị công nhận",
        title="TỜ TRÌNH",
        abstract="đề nghị công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}",
        symbol=Symbol.PROPOSAL,
        blocks=(
            Para("Kính trình: {{ kinh_trinh }}", look="centred"),
            Each("can_cu", "{{ x.dong }}"),
            Para("{{ loi_trinh }}"),
            Table(
                (
                    Column("STT", "{{ x.tt }}", 13, "centre"),
                    Column("Tên mô hình", "{{ x.ten }}", 59),
                    Column("Đơn vị", "{{ x.don_vi }}", 46),
                    Column("Loại", "{{ x.loai }}", 22, "centre"),
                    Column("Điểm", "{{ x.diem }}", 20, "right"),
                ),
                (("", "danh_sach"),),
            ),
            Para("{{ don_vi }} kính trình {{ kinh_trinh }} xem xét, quyết định."),
            Closing(),
        ),
        fields=ROUND
        | {
            "kinh_trinh": "nơi nhận trình",
            "loi_trinh": "câu nêu số đơn vị, số hồ sơ, số đề nghị (cổng tính)",
            "so_de_nghi": "số đề nghị",
        },
        lists={"danh_sach": MODEL, "can_cu": {"dong": "một căn cứ"}},
        needed=frozenset({"kinh_trinh", "loi_trinh", "danh_sach"}),
    )
)

SUMMARY = declare(
    PaperForm(
        slug="bieu-tong-hop",
        name="Biểu tổng hợp mô hình đề nghị",
        title="BIỂU TỔNG HỢP",
        abstract="mô hình “Dân vận khéo” đề nghị công nhận {{ cap }} năm {{ nam }}",
        landscape=True,
        blocks=(
            Para("{{ kem_theo }}", look="note"),
            Table(
                (
                    Column("STT", "{{ x.tt }}", 10, "centre"),
                    Column("Tên mô hình", "{{ x.ten }}", 44),
                    Column("Tập thể, cá nhân", "{{ x.nguoi }}", 30),
                    Column("Đơn vị", "{{ x.don_vi }}", 28),
                    Column("Loại", "{{ x.loai }}", 16, "centre"),
                    Column("Tóm tắt kết quả", "{{ x.ket_qua }}", 64),
                    Column("Đã công nhận (cấp, năm)", "{{ x.da_cong_nhan }}", 26),
                    Column("Ghi chú", "{{ x.ghi_chu }}", 34),
                ),
                (("{{ g.ten }}", "nhom/dong"),),
                size=11,
            ),
            Para("{{ tong_cong }}", look="plain"),
            Closing(),
        ),
        fields=ROUND | {"kem_theo": "(kèm theo Tờ trình số …)", "tong_cong": "câu tổng cộng (cổng tính)"},
        lists={
            "nhom": {"ten": "tên nhóm: I. Lĩnh vực …", "dong": "các mô hình của nhóm"},
            "nhom.dong": MODEL | {"ket_qua": "tóm tắt kết quả", "da_cong_nhan": "cấp, năm đã công nhận"},
        },
        needed=frozenset({"nhom"}),
    )
)

UNIT_MINUTES = declare(
    PaperForm(
        slug="bien-ban-hop-xet",
        name="Biên bản họp xét của đơn vị đề nghị",
        title="BIÊN BẢN",
        abstract="họp xét, đề nghị công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}",
        symbol=Symbol.MINUTES,
        blocks=(
            Para("I- THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN", look="heading"),
            Para("Ngày họp: {{ ngay_hop }}. Địa điểm: {{ dia_diem }}. Có mặt: {{ co_mat }}."),
            Para("II- KẾT QUẢ BIỂU QUYẾT", look="heading"),
            Table(
                (
                    Column("TT", "{{ x.tt }}", 10, "centre"),
                    Column("Tên mô hình", "{{ x.ten }}", 48),
                    Column("Tập thể, cá nhân", "{{ x.nguoi }}", 36),
                    Column("Đơn vị", "{{ x.don_vi }}", 39),
                    Column("Tán thành", "{{ x.tan_thanh }}", 16, "centre"),
                    Column("Tỷ lệ", "{{ x.ty_le }}", 16, "right"),
                ),
                (("", "ket_qua"),),
            ),
            Para("III- KẾT LUẬN", look="heading"),
            Para("{{ ket_luan }}"),
            TwoSigns(("THƯ KÝ", "{{ thu_ky }}"), ("CHỦ TRÌ", "{{ chu_tri }}")),
        ),
        fields=ROUND
        | {
            "ngay_hop": "ngày họp",
            "dia_diem": "địa điểm",
            "co_mat": "số có mặt trên số được triệu tập",
            "ket_luan": "câu kết luận (cổng tính)",
            "thu_ky": "thư ký",
            "chu_tri": "chủ trì",
        },
        lists={"ket_qua": MODEL | {"tan_thanh": "a/b", "ty_le": "phần trăm"}},
        needed=frozenset({"ket_qua", "ket_luan"}),
    )
)

MINUTES = declare(
    PaperForm(
        slug="bien-ban",
        name="Biên bản họp hội đồng",
        title="BIÊN BẢN",
        abstract="họp hội đồng xét công nhận mô hình “Dân vận khéo” {{ cap }} năm {{ nam }}",
        symbol=Symbol.MINUTES,
        blocks=(
            Para("I- THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN", look="heading"),
            Para("Ngày họp: {{ ngay_hop }}. Địa điểm: {{ dia_diem }}. Hình thức: {{ hinh_thuc }}."),
            Para("Có mặt {{ co_mat }} thành viên hội đồng."),
            Table(
                (
                    Column("STT", "{{ x.tt }}", 13, "centre"),
                    Column("Họ và tên", "{{ x.ten }}", 52),
                    Column("Chức danh trong hội đồng", "{{ x.chuc_danh }}", 38),
                    Column("Đơn vị", "{{ x.don_vi }}", 40),
                    Column("Có mặt", "{{ x.co_mat }}", 18, "centre"),
                ),
                (("", "thanh_phan"),),
            ),
            Each("vang_mat", "Vắng mặt: {{ x.ten }}, lý do: {{ x.ly_do }}."),
            Para("II- KẾT QUẢ", look="heading"),
            Para("{{ cach_bieu_quyet }}"),
            Table(
                (
                    Column("TT", "{{ x.tt }}", 10, "centre"),
                    Column("Tên mô hình", "{{ x.ten }}", 45),
                    Column("Đơn vị", "{{ x.don_vi }}", 40),
                    Column("Điểm", "{{ x.diem }}", 16, "right"),
                    Column("Tán thành", "{{ x.tan_thanh }}", 16, "centre"),
                    Column("Tỷ lệ", "{{ x.ty_le }}", 15, "right"),
                    Column("Kết luận", "{{ x.ket_luan }}", 23, "centre"),
                ),
                (("", "ket_qua"),),
            ),
            Para("{{ tong_ket }}"),
            Each("kiem_phieu", "{{ x.dong }}"),
            Each("dung_ngoai", "Đứng ngoài, không tính vào số biểu quyết: {{ x.ten }} ({{ x.ly_do }}), hồ sơ {{ x.ho_so }}."),
            Para("III- KẾT LUẬN CỦA HỘI ĐỒNG", look="heading"),
            Each("ket_luan", "{{ x.dong }}"),
            TwoSigns(("THƯ KÝ", "{{ thu_ky }}"), ("CHỦ TRÌ", "{{ chu_tri }}")),
        ),
        fields=ROUND
        | {
            "ngay_hop": "ngày họp",
            "dia_diem": "địa điểm",
            "hinh_thuc": "hình thức họp",
            "co_mat": "số có mặt trên tổng số",
            "cach_bieu_quyet": "câu nói cách biểu quyết và mức thông qua",
            "tong_ket": "câu tổng kết (cổng tính)",
            "thu_ky": "thư ký",
            "chu_tri": "chủ trì",
        },
        lists={
            "thanh_phan": {
                "tt": "số thứ tự",
                "ten": "họ tên",
                "chuc_danh": "chức danh trong hội đồng",
                "don_vi": "đơn vị",
                "co_mat": "x nếu có mặt",
            },
            "vang_mat": {"ten": "họ tên", "ly_do": "lý do vắng"},
            "ket_qua": MODEL | {"tan_thanh": "a/b", "ty_le": "phần trăm", "ket_luan": "kết luận"},
            "kiem_phieu": {"dong": "một dòng kiểm phiếu kín, của các hồ sơ cùng số phiếu"},
            "dung_ngoai": {"ten": "họ tên", "ly_do": "lý do", "ho_so": "số hồ sơ"},
            "ket_luan": {"dong": "một đoạn kết luận"},
        },
        needed=frozenset({"co_mat", "ket_qua", "ket_luan"}),
    )
)

SCORE_SHEETS = declare(
    PaperForm(
        slug="phieu-cham",
        name="Phiếu chấm điểm",
        title="PHIẾU CHẤM ĐIỂM",
        abstract="mô hình “Dân vận khéo” đề nghị công nhận {{ cap }} năm {{ nam }}",
        pages="phieu",
        blocks=(
            Para("Số phiếu: {{ p.so }}. Thành viên chấm: {{ p.thanh_vien }}, {{ p.chuc_danh }}. Ngày chấm: {{ p.ngay }}."),
            Para("Hồ sơ số {{ p.ma }}: {{ p.ten }}."),
            Para("Đơn vị: {{ p.don_vi }}."),
            Table(
                (
                    Column("TT", "{{ x.tt }}", 11, "centre"),
                    Column("Tiêu chí", "{{ x.ten }}", 62),
                    Column("Điểm tối đa", "{{ x.toi_da }}", 18, "right"),
                    Column("Điểm chấm", "{{ x.diem }}", 18, "right"),
                    Column("Nhận xét", "{{ x.nhan_xet }}", 55),
                ),
                (("", "p.tieu_chi"),),
            ),
            Para("TỔNG ĐIỂM: {{ p.tong }}/{{ p.toi_da }}.", look="heading"),
            Para("Kết luận: {{ p.ket_luan }}."),
            Para("Nhận xét chung (ưu điểm, hạn chế): {{ p.nhan_xet }}"),
            TwoSigns(("", ""), ("NGƯỜI CHẤM", "{{ p.thanh_vien }}")),
        ),
        fields=ROUND,
        lists={
            "phieu": {
                "so": "số phiếu",
                "thanh_vien": "thành viên chấm",
                "chuc_danh": "chức danh trong hội đồng",
                "ngay": "ngày chấm",
                "ma": "số hồ sơ",
                "ten": "tên mô hình",
                "don_vi": "đơn vị",
                "tong": "tổng điểm theo hệ số (cổng tính)",
                "toi_da": "tổng điểm tối đa",
                "ket_luan": "đạt hay chưa đạt mức đề nghị (cổng tính)",
                "nhan_xet": "nhận xét chung",
                "tieu_chi": "các tiêu chí của phiếu",
            },
            "phieu.tieu_chi": {
                "tt": "số thứ tự",
                "ten": "tên tiêu chí lúc chấm",
                "toi_da": "điểm tối đa",
                "diem": "điểm chấm",
                "nhan_xet": "nhận xét",
            },
        },
        needed=frozenset({"phieu"}),
    )
)

SCORE_SUMMARY = declare(
    PaperForm(
        slug="tong-hop-diem",
        name="Bảng tổng hợp điểm",
        title="BẢNG TỔNG HỢP ĐIỂM",
        abstract="mô hình “Dân vận khéo” đề nghị công nhận {{ cap }} năm {{ nam }}",
        landscape=True,
        blocks=(
            Table(
                (
                    Column("STT", "{{ x.tt }}", 12, "centre"),
                    Column("Mã", "{{ x.ma }}", 12, "centre"),
                    Column("Tên mô hình", "{{ x.ten }}", 69),
                    Column("Đơn vị", "{{ x.don_vi }}", 60),
                    Column("Số phiếu chấm", "{{ x.so_phieu }}", 18, "centre"),
                    Column("Điểm TB", "{{ x.diem }}", 15, "right"),
                    Column("Cao nhất", "{{ x.cao_nhat }}", 15, "right"),
                    Column("Thấp nhất", "{{ x.thap_nhat }}", 15, "right"),
                    Column("Kết quả", "{{ x.ket_qua }}", 36),
                ),
                (("", "danh_sach"),),
            ),
            Para("{{ tong_ket }}", look="plain"),
            TwoSigns(("THƯ KÝ", "{{ thu_ky }}"), ("CHỦ TRÌ", "{{ chu_tri }}")),
        ),
        fields=ROUND | {"tong_ket": "câu nêu tổng số, số đạt mức (cổng tính)", "thu_ky": "thư ký", "chu_tri": "chủ trì"},
        lists={
            "danh_sach": MODEL
            | {
                "ma": "số hồ sơ",
                "so_phieu": "số phiếu đã nộp trên số phiếu giao",
                "cao_nhat": "điểm cao nhất",
                "thap_nhat": "điểm thấp nhất",
                "ket_qua": "đạt mức đề nghị, hoặc vì sao chưa",
            }
        },
        needed=frozenset({"danh_sach", "tong_ket"}),
    )
)
