"""Reading the registers that units send: Excel and text files of every shape met in use.

`reader.RegisterReader` goes through a file row by row and says what it understood. Nothing here touches the database.
"""
