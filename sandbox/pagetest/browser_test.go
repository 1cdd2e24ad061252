package pagetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what it expects: much longer than it
// takes, since the machine may be busy.
const patience = 60 * time.Second

// browser is the one browser of all tests.
type browser struct {
	start   sync.Once
	context context.Context
	end     []func()
	err     error
}

var shared browser

func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(shared.end) - 1; i >= 0; i-- {
		shared.end[i]()
	}
	if commandFolder != "" {
		os.RemoveAll(commandFolder)
	}
	os.Exit(code)
}

// find returns the path of the browser, or "".
func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (b *browser) launch(path string) {
	home, err := os.MkdirTemp("", "pagetest")
	if err != nil {
		b.err = err
		return
	}
	b.end = append(b.end, func() { os.RemoveAll(home) })
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(home), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Env("TMPDIR="+home), chromedp.WSURLReadTimeout(patience),
	)
	allocated, release := chromedp.NewExecAllocator(context.Background(), options...)
	b.end = append(b.end, release)
	var stop context.CancelFunc
	b.context, stop = chromedp.NewContext(allocated)
	b.end = append(b.end, func() {
		defer stop()
		quick, cancel := context.WithTimeout(b.context, patience)
		defer cancel()
		if err := chromedp.Cancel(quick); err != nil {
			fmt.Fprintln(os.Stderr, "closing the browser:", err)
		}
	})
	b.err = chromedp.Do(b.context)
}

// tab is a page of the browser in a profile of its own.
type tab struct {
	t       testing.TB
	base    string
	context context.Context

	mu       sync.Mutex
	problems []string // what the browser complained about
}

// open returns a new tab for the pages at an address. What the browser
// complains about by the end fails the test.
func open(t testing.TB, base string) *tab {
	t.Helper()
	path := find()
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no browser: install Debian's package chromium")
		}
		t.Skip("no browser: the pages are tested where chromium is installed")
	}
	shared.start.Do(func() { shared.launch(path) })
	if shared.err != nil {
		t.Fatalf("the browser does not start: %v", shared.err)
	}
	ctx, closeTab := chromedp.NewContext(shared.context, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	p := &tab{t: t, base: base, context: ctx}
	// The tab lives as long as the context of the first call, so that has no
	// time limit.
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("a new tab: %v", err)
	}
	tell(p, log.Enable, cdp.Empty{})
	tell(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.Cleanup(func() {
		p.text() // what was complained about has arrived when this is answered
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, problem := range p.problems {
			t.Errorf("the browser complains: %s", problem)
		}
	})
	return p
}

func (p *tab) listen(event any) {
	var problem string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			problem += " " + thrown.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var parts []string
			for _, arg := range e.Args {
				parts = append(parts, string(arg.Value)+arg.Description)
			}
			problem = "console: " + strings.Join(parts, " ")
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			problem = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
	if problem != "" {
		p.mu.Lock()
		p.problems = append(p.problems, problem)
		p.mu.Unlock()
	}
}

// forgive drops complaints that hold a text: the test caused them.
func (p *tab) forgive(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, problem := range p.problems {
		if !strings.Contains(problem, text) {
			left = append(left, problem)
		}
	}
	p.problems = left
}

// tell sends a command of the protocol.
func tell[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
}

// ask does something in the browser that has a result.
func ask[T any](p *tab, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%v\n%s", err, p.text())
	}
	return v
}

// run does something in the browser.
func (p *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.text())
	}
}

// visit opens a page and waits until it is there.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.run(chromedp.Navigate(p.base + path))
}

// text is what the page says, for messages.
func (p *tab) text() string {
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return "(the page cannot be read: " + err.Error() + ")"
	}
	return text
}

// value returns what an expression gives on the page as it is.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	return ask(p, chromedp.Evaluate[T](expression))
}

// eventually waits until an expression is true on the page.
func (p *tab) eventually(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		// Between two pages there is nothing to ask.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("never came: %s (%v)\n%s", what, errors.Join(err, ctx.Err()), p.text())
		}
	}
}

// says waits until the page shows a text.
func (p *tab) says(text string) {
	p.t.Helper()
	p.eventually(fmt.Sprintf("the text %q", text), fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// click presses something with the mouse. The page may exchange it meanwhile,
// then it is looked for again: no click was made in that case.
func (p *tab) click(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.context, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			p.t.Fatalf("click %s: %v\n%s", selector, err, p.text())
		}
	}
}

// fill puts a text into a field, as typed.
func (p *tab) fill(selector, text string) {
	p.t.Helper()
	p.run(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).value = ""`, selector)),
		chromedp.SendKeys(chromedp.CSS(selector), text))
}

// choose selects an option of a list.
func (p *tab) choose(selector, value string) {
	p.t.Helper()
	p.run(chromedp.SetValue(chromedp.CSS(selector), value))
}
