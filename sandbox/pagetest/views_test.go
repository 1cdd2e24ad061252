package pagetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// prefer makes the tab one of somebody who prefers "light" or "dark" pages.
func (p *tab) prefer(scheme string) {
	p.t.Helper()
	tell(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// Every view fits a phone, follows the wish for dark pages and gives the
// browser nothing to complain about.
func TestViews(t *testing.T) {
	t.Parallel()
	server := start(t)
	views := everything(t, server)
	p := open(t, server.URL)
	const ground = `getComputedStyle(document.body).backgroundColor`
	for _, v := range views {
		p.prefer("light")
		p.run(chromedp.EmulateViewport(390, 844))
		p.visit(v.path)
		if v.name != "consent" && value[int](p, `document.querySelectorAll("nav [aria-current=page]").length`) != 1 {
			t.Errorf("%s: the navigation does not say where we are", v.name)
		}
		if nameless := value[[]string](p, unlabelled); len(nameless) > 0 {
			t.Errorf("%s: controls without a name: %q", v.name, nameless)
		}
		if primary := value[int](p, `[...document.querySelectorAll("main .primary")].filter((e) => e.checkVisibility()).length`); primary > 1 {
			t.Errorf("%s: %d primary actions, want one", v.name, primary)
		}
		bright := value[string](p, ground)
		if pale := value[[]string](p, paleText); len(pale) > 0 {
			t.Errorf("%s: hard to read: %q", v.name, pale)
		}
		p.prefer("dark")
		if pale := value[[]string](p, paleText); len(pale) > 0 {
			t.Errorf("%s: hard to read in the dark: %q", v.name, pale)
		}
		if value[string](p, ground) == bright {
			t.Errorf("%s: stays bright in the dark: %s", v.name, bright)
		}
		for _, width := range []int64{390, 880, 1280} {
			p.run(chromedp.EmulateViewport(width, 844))
			if wide := value[int64](p, `document.scrollingElement.scrollWidth`); wide > width {
				t.Errorf("%s: %d pixels wide on a screen of %d; widest: %s", v.name, wide, width, value[string](p, widest))
			}
		}
	}
}

// widest names an element that reaches beyond the screen.
const widest = `(() => {
	const out = [...document.querySelectorAll("body *")].filter((e) =>
		e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, .code, .side nav"));
	return out.map((e) => e.tagName + "." + e.className).slice(0, 5).join(" ");
})()`

// unlabelled lists the controls whose purpose is not told in words.
const unlabelled = `[...document.querySelectorAll("input:not([type=hidden]), select, button, a")].filter((e) =>
	!(e.labels && [...e.labels].some((l) => l.textContent.trim())) && !e.textContent.trim() && !e.getAttribute("aria-label")
).map((e) => e.outerHTML)`

// paleText lists texts whose contrast to what is behind them is below 4.5, the
// bound of WCAG 2 for text of this size.
const paleText = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const known = new Map();
	const parse = (color) => {
		if (!known.has(color)) known.set(color, read(color));
		return known.get(color);
	};
	const read = (color) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
		return { r, g, b, a: a / 255 };
	};
	const light = ({ r, g, b }) => {
		const [R, G, B] = [r, g, b].map((c) => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
		return 0.2126 * R + 0.7152 * G + 0.0722 * B;
	};
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const color = parse(getComputedStyle(e).backgroundColor);
			if (color.a > 0.99) return color;
		}
		return { r: 255, g: 255, b: 255 };
	};
	const found = new Set();
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
		if (!own || !e.checkVisibility() || e.closest(".sr, .skip, option")) continue;
		const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) found.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
	}
	return [...found];
})()`

// TestShots takes pictures of every view for people to look at, where
// PAGETEST_SHOTS names a folder for them.
func TestShots(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PAGETEST_SHOTS")
	if folder == "" {
		t.Skip("PAGETEST_SHOTS is not set to a folder")
	}
	server := start(t)
	views := everything(t, server)
	p := open(t, server.URL)
	for _, shot := range []struct {
		suffix string
		width  int64
		scheme string
	}{{"wide-light", 1280, "light"}, {"wide-dark", 1280, "dark"}, {"phone-light", 390, "light"}, {"phone-dark", 390, "dark"}} {
		p.run(chromedp.EmulateViewport(shot.width, 860))
		p.prefer(shot.scheme)
		for _, v := range views {
			p.visit(v.path)
			picture := ask(p, chromedp.FullScreenshot(100))
			if err := os.WriteFile(filepath.Join(folder, v.name+"-"+shot.suffix+".png"), picture, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}
