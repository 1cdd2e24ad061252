package pagetest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// commandFolder is where the command was built; empty if it was not.
var commandFolder string

// command is the command, built once.
var command = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "pagetest-command")
	if err != nil {
		return "", err
	}
	commandFolder = folder
	path := filepath.Join(folder, "ttshop")
	out, err := exec.Command("go", "build", "-o", path, "github.com/ttshop-go/ttshop/cmd/ttshop").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the command: %w: %s", err, out)
	}
	return path, nil
})

// runCommand starts the command with --json and reads its first line.
func runCommand(t *testing.T, into any, args ...string) {
	t.Helper()
	if find() == "" && os.Getenv("CI") == "" {
		t.Skip("no browser: the pages are tested where chromium is installed")
	}
	path, err := command()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), path, append(args, "--json")...)
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, into)
	}
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
}

// demoGateway is a gateway before a sandbox.
type demoGateway struct {
	URL, Admin, Connect, Key string
	Shop                     struct{ ID, Name string }
}

func startGateway(t *testing.T) demoGateway {
	t.Helper()
	var g demoGateway
	runCommand(t, &g, "gateway", "--sandbox", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--connect", "127.0.0.1:0")
	return g
}

// call makes a call for the demonstration's shop, or another, and returns its status.
func (g demoGateway) call(t *testing.T, path, shop string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", g.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + g.Key}, "X-Ttshop-Shop": {shop}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

const orders = "/order/202309/orders/search?page_size="

// looksRight checks what every view promises, at each size and in both schemes.
func looksRight(t *testing.T, p *tab, name, path string) {
	t.Helper()
	const ground = `getComputedStyle(document.body).backgroundColor`
	for _, width := range []int64{390, 1280} {
		p.run(chromedp.EmulateViewport(width, 844))
		bright := ""
		for _, scheme := range []string{"light", "dark"} {
			p.prefer(scheme)
			p.visit(path)
			p.shot(fmt.Sprintf("%s-%d-%s", name, width, scheme))
			if wide := value[int64](p, `document.scrollingElement.scrollWidth`); wide > width {
				t.Errorf("%s: %d pixels wide on a screen of %d; widest: %s", name, wide, width, value[string](p, widest))
			}
			if nameless := value[[]string](p, unlabelled); len(nameless) > 0 {
				t.Errorf("%s: controls without a name: %q", name, nameless)
			}
			if pale := value[[]string](p, paleText); len(pale) > 0 {
				t.Errorf("%s at %d, %s: hard to read: %q", name, width, scheme, pale)
			}
			if now := value[string](p, ground); now == bright {
				t.Errorf("%s: stays bright in the dark", name)
			} else {
				bright = now
			}
		}
	}
	p.prefer("light")
}

// shot keeps a picture of the page where TTSHOP_SHOTS names a folder.
func (p *tab) shot(name string) {
	folder := os.Getenv("TTSHOP_SHOTS")
	if folder == "" {
		return
	}
	picture := ask(p, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		p.t.Error(err)
	}
}

// The console of a gateway, alone and with another one on the page of ttshop
// console: what it shows is what happened, and it can be searched.
func TestConsole(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	for range 5 {
		if status := g.call(t, orders+"1", g.Shop.ID); status != 200 {
			t.Fatalf("HTTP %d", status)
		}
	}
	for path, want := range map[string]int{orders + "500": 400, "/nothing/here": 403} {
		if status := g.call(t, path, g.Shop.ID); status != want {
			t.Errorf("%s: HTTP %d", path, status)
		}
	}
	if status := g.call(t, orders+"1", "nowhere"); status != 403 {
		t.Errorf("HTTP %d", status)
	}
	p := open(t, g.Admin)
	looksRight(t, p, "console", "/console")
	for _, text := range []string{"demo", "order.GetOrderList", "policy, rule shop", "policy, rule catalogue", "36009004", "50 of 50", g.Shop.Name, "in 6 days", "ready"} {
		p.says(text)
	}
	if n := value[int](p, `document.querySelectorAll("svg[role=img][aria-label]").length`); n != 3 {
		t.Errorf("%d plots", n)
	}
	if outside := value[[]string](p, `performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(location.origin))`); len(outside) > 0 {
		t.Errorf("it loads %v", outside)
	}

	// It follows what happens, by itself.
	const rows = `document.querySelectorAll("#failures tbody tr").length`
	p.eventually("three failures", rows+` === 3`)
	g.call(t, "/nothing/more", g.Shop.ID)
	p.eventually("a fourth failure", rows+` === 4`)

	// With the keyboard alone: find the search, and search.
	p.run(chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("/"))
	p.eventually("the focus in the search", `document.activeElement.id === "q"`)
	p.fill("#q", "rule shop") // the protocol types the slash into the field, which keyboards do not
	p.eventually("one failure that matches", rows+` === 1 && location.search === "?q=rule+shop"`)
	p.says("No key matches.")
	p.visit("/console?q=36009004")
	p.eventually("the failure with the code", rows+` === 1`)
	p.visit("/console?q=" + "%3Cscript%3Ealert(1)%3C/script%3E")
	p.says("No failure matches.")

	p.visit("/console")
	p.click("#pause")
	p.eventually("the pause", `document.getElementById("pause").getAttribute("aria-pressed") === "true"`)
	p.visit("/")
	p.eventually("the console", `location.pathname === "/console"`)

	other := startGateway(t)
	var both struct{ URL string }
	runCommand(t, &both, "console", "--listen", "127.0.0.1:0", "--gateway", g.Admin, "--gateway", other.Admin)
	c := open(t, strings.TrimSuffix(both.URL, "/console"))
	looksRight(t, c, "console-two", "/console")
	c.says("Keys and their quota, " + strings.TrimPrefix(other.Admin, "http://"))
	c.says("36009004")
}

// The console says which gateway does not answer, and shows the others.
func TestConsoleWithoutGateway(t *testing.T) {
	t.Parallel()
	var at struct{ URL string }
	runCommand(t, &at, "console", "--listen", "127.0.0.1:0", "--gateway", "http://127.0.0.1:1")
	p := open(t, strings.TrimSuffix(at.URL, "/console"))
	p.visit("/console")
	p.says("the gateway at 127.0.0.1:1 does not answer")
}

// A seller connects a shop with mouse and keyboard.
func TestConnectPages(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	p := open(t, g.Connect)
	looksRight(t, p, "connect", "/connect/demo")
	p.visit("/connect/demo?state=mine")
	p.click(`input[value=seller]`)
	p.click(`input[name=agree]`)
	p.click(`main button`)
	p.eventually("the platform's page", `location.pathname === "/open/authorize"`)
	p.click(`button[value=true]`)
	p.says("Your shop is connected")
	p.eventually("the page without its code", `location.pathname === "/connect/callback"`)
	p.shot("connected")
	back := value[string](p, `location.pathname + location.search`)
	p.visit(back)
	p.says("Nothing was connected")
	p.forgive("status of 403")
	for end := time.Now().Add(patience); g.call(t, orders+"1", g.Shop.ID) != 200; {
		if time.Now().After(end) {
			t.Fatal("the shop cannot be called")
		}
	}
}
