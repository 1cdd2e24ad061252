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
	for _, width := range []int64{390, 1280} {
		p.run(chromedp.EmulateViewport(width, 844))
		for _, v := range views {
			p.prefer("light")
			p.visit(v.path)
			if wide := value[int64](p, `document.scrollingElement.scrollWidth`); wide > width {
				t.Errorf("%s: %d pixels wide on a screen of %d; widest: %s", v.name, wide, width, value[string](p, widest))
			}
			if v.name != "consent" && value[int](p, `document.querySelectorAll("nav [aria-current=page]").length`) != 1 {
				t.Errorf("%s: the navigation does not say where we are", v.name)
			}
			if nameless := value[[]string](p, unlabelled); len(nameless) > 0 {
				t.Errorf("%s: controls without a name: %q", v.name, nameless)
			}
			bright := value[string](p, ground)
			p.prefer("dark")
			if value[string](p, ground) == bright {
				t.Errorf("%s: stays bright in the dark: %s", v.name, bright)
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

// unlabelled lists the controls whose purpose is nowhere told in words.
const unlabelled = `[...document.querySelectorAll("input:not([type=hidden]), select, button, a")].filter((e) =>
	!(e.labels && [...e.labels].some((l) => l.textContent.trim())) && !e.textContent.trim() && !e.getAttribute("aria-label")
).map((e) => e.outerHTML)`

// TestShots takes pictures of every view for people to look at, where
// PAGETEST_SHOTS names a folder for them.
func TestShots(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PAGETEST_SHOTS")
	if folder == "" {
		t.Skip("PAGETEST_SHOTS names no folder")
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
