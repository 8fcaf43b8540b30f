#!/usr/bin/env python3
"""Draws the sample receipts as pictures: HTML of our own, set in DejaVu fonts, rendered by Chromium.

Run it in this folder after a change of the list: `python3 make.py [CHROMIUM]`. Only the PNG files are embedded in the program.
"""

import html
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

WIDTH, HEIGHT = 440, 600

# file, merchant, place, date and time, lines, total, how it was paid
RECEIPTS = [
    ("IMG_4103", "City Taxi", "Ring 4, Car 118", "03.03.2026 08:12", [("Station - Mill Road", "16.40"), ("Luggage", "2.00")], "18.40", "Card"),
    ("IMG_4127", "Trattoria Lucia", "12 Mill Road", "12.03.2026 13:41", [("2 Tagliatelle", "29.00"), ("1 Insalata", "8.40"), ("2 Acqua", "6.00"), ("2 Espresso", "4.80")], "48.20", "Card"),
    ("IMG_4141", "Hotel Linden", "3 Linden Square", "19.03.2026 07:55", [("1 Night, single", "114.00"), ("1 Breakfast", "15.00")], "129.00", "Card"),
    ("IMG_4163", "Noodle Garden", "81 Canal Street", "27.03.2026 12:58", [("1 Ramen", "14.50"), ("1 Udon", "13.00"), ("2 Green tea", "9.00")], "36.50", "Cash"),
    ("IMG_4188", "Station Books", "Central Station", "02.04.2026 17:20", [("1 City guide", "17.95"), ("1 Notebook", "4.20")], "22.15", "Card"),
    ("IMG_4205", "Cafe Morgen", "5 Garden Lane", "16.04.2026 13:05", [("2 Soup of the day", "17.80"), ("1 Quiche", "7.60"), ("1 Lemonade", "4.50")], "29.90", "Card"),
    ("IMG_4218", "Harbour Kitchen", "Pier 7", "23.04.2026 14:02", [("1 Fish of the day", "26.50"), ("1 Risotto", "21.75"), ("2 Water", "7.00"), ("2 Coffee", "7.50")], "62.75", "Card"),
    ("IMG_4240", "City Taxi", "Ring 4, Car 052", "28.04.2026 19:33", [("Airport - Pier 7", "24.60")], "24.60", "Cash"),
]

STYLE = """
* { box-sizing: border-box; margin: 0; }
html { background: #bbb; }
body { width: 440px; height: 600px; padding: 18px 20px; }
div.paper { background: #fdfcf9; height: 564px; padding: 34px 26px 26px; font: 24px/1.62 "DejaVu Sans Condensed", "DejaVu Sans"; color: #1c1c1e; }
h1 { font: 700 35px/1.2 "DejaVu Sans Condensed", "DejaVu Sans"; word-spacing: 6px; text-align: center; }
p { text-align: center; }
hr { border: 0; border-top: 2px dashed #777; margin: 14px 0; }
table { width: 100%; border-spacing: 0; }
td + td { text-align: right; }
p.total { font-weight: 700; font-size: 33px; word-spacing: 6px; }
"""


def page(receipt):
    _, merchant, place, when, lines, total, paid = receipt
    rows = "".join(f"<tr><td>{html.escape(what)}<td>{price}" for what, price in lines)
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><div class=paper><h1>{html.escape(merchant)}</h1>"
        f"<p>{html.escape(place)}<p>{when}<hr><table>{rows}</table><hr><p class=total>TOTAL EUR {total}<hr>"
        f"<p>{paid}. Thank you!</div>"
    )


def chunks(data):
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def rows_of_grey(data):
    """The picture's rows in 16 shades of grey, two pixels a byte, which is all that a receipt needs."""
    packed = b""
    for kind, body in chunks(data):
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and colour in (2, 6) and interlace == 0
            step = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            packed += body
    raw = zlib.decompress(packed)
    before = bytes(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        filtered, line = raw[start], bytearray(raw[start + 1 : start + 1 + width * step])
        for i in range(len(line)):
            left = line[i - step] if i >= step else 0
            up = before[i]
            corner = before[i - step] if i >= step else 0
            if filtered == 1:
                line[i] = (line[i] + left) & 255
            elif filtered == 2:
                line[i] = (line[i] + up) & 255
            elif filtered == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif filtered == 4:
                guess = left + up - corner
                _, _, best = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
                line[i] = (line[i] + best) & 255
        before = bytes(line)
        grey = [round((line[i] * 299 + line[i + 1] * 587 + line[i + 2] * 114) / 1000 / 17) for i in range(0, len(line), step)]
        yield b"\0" + bytes(grey[i] << 4 | grey[i + 1] for i in range(0, width, 2))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def main():
    browser = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    here = pathlib.Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for receipt in RECEIPTS:
            (folder / "page.html").write_text(page(receipt))
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-lcd-text", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}",
                 f"--user-data-dir={folder}/profile", f"--screenshot={folder}/page.png", f"file://{folder}/page.html"],
                check=True, stderr=subprocess.DEVNULL, timeout=60,
            )
            rows = b"".join(rows_of_grey((folder / "page.png").read_bytes()))
            picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 0, 0, 0, 0))
            picture += chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
            (here / f"{receipt[0]}.png").write_bytes(picture)
            print(receipt[0], len(picture))


main()
