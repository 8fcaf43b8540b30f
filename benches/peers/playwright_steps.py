"""Playwright at the bench's work: for each name on standard input it clicks that element, waits for two frames, takes a
picture, and prints how many milliseconds that took. Ends at the end of its input."""

import sys
import time

from playwright.sync_api import sync_playwright

url, browser = sys.argv[1:]
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=browser, args=["--disable-gpu"])
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        page.get_by_text(line.strip(), exact=True).click()
        page.evaluate(TWO_FRAMES)
        page.screenshot(type="jpeg", quality=80)
        print((time.perf_counter() - begun) * 1000, flush=True)
    chromium.close()
