package cli

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// TestEveryExample runs the examples in the help of every operation against a
// sandbox with the seed that ttshop sandbox has by default. Each is carried out,
// or ../operation/testdata/refused_examples.json says why it cannot be.
func TestEveryExample(t *testing.T) {
	t.Parallel()
	var reasons map[string]string
	content, err := os.ReadFile("../operation/testdata/refused_examples.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &reasons); err != nil {
		t.Fatal(err)
	}
	picture, err := photo()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"photo.png": picture, "label.pdf": "%PDF-1.4\n%%EOF\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	world := newExampleWorld(t) // for all that only read
	defer world.close(t)
	ran, done := 0, 0
	everyVersion(t, func(op *catalog.Operation, command []string) {
		help := run(t, nil, "", append(command, "--help")...)
		for _, example := range examplesIn(help.stdout) {
			w := world
			if op.Write {
				w = newExampleWorld(t)
				defer w.close(t)
			}
			args := shellWords(strings.NewReplacer("photo.png", filepath.Join(folder, "photo.png"), "label.pdf", filepath.Join(folder, "label.pdf"), exampleAsset, w.asset).Replace(example.command))[1:]
			got := run(t, w.env(t, example.market), "", args...)
			ran++
			reason := reasons[op.FullName()]
			switch {
			case got.code == console.ExitOK && reason != "":
				t.Errorf("%s: it is carried out; ../operation/testdata/refused_examples.json says that it cannot be: %s", example.command, reason)
			case got.code == console.ExitOK:
				done++
			case got.code != console.ExitRefused || wrongForm.MatchString(got.err):
				t.Errorf("%s: exit code %d: %s\nWhat an example needs beyond the catalogue is in operation/example_fields.json.", example.command, got.code, strings.TrimSpace(got.err))
			case reason == "":
				t.Errorf("%s: %s\nFind the ids of examples again (go test ./internal/operation -run ExampleIDs -update-ids), or say in ../operation/testdata/refused_examples.json why the sandbox refuses it.", example.command, strings.TrimSpace(got.err))
			}
		}
	})
	if done < ran*95/100 {
		t.Errorf("%d of %d examples are carried out", done, ran)
	}
	t.Logf("%d of %d", done, ran)
}

// exampleWorld is a sandbox for examples.
type exampleWorld struct {
	box    *sandbox.Sandbox
	server *httptest.Server
	creds  sandbox.Credentials
	asset  string
}

func newExampleWorld(t *testing.T) *exampleWorld {
	t.Helper()
	box, err := sandbox.New(sandbox.Config{Seed: 1, Throttle: new(0.0), Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	c := box.Credentials()
	return &exampleWorld{box, httptest.NewServer(box), c, c.CategoryAssetCipher}
}

func (w *exampleWorld) close(t *testing.T) {
	t.Helper()
	w.server.Close()
	if err := w.box.Close(); err != nil {
		t.Error(err)
	}
}

// env returns the environment of a command that works on a shop of a market, or on
// the first shop.
func (w *exampleWorld) env(t *testing.T, market string) map[string]string {
	t.Helper()
	shop := 0
	if market != "" {
		shop = slices.IndexFunc(w.creds.Shops, func(s sandbox.Shop) bool { return s.Region == market })
	}
	if shop < 0 {
		t.Fatalf("the sandbox has no shop in %s", market)
	}
	return map[string]string{
		platform.EnvEndpoint: w.server.URL, platform.EnvAppKey: w.creds.AppKey, platform.EnvAppSecret: w.creds.AppSecret,
		platform.EnvAccessToken: w.creds.AccessToken, platform.EnvShopCipher: w.creds.Shops[shop].Cipher,
	}
}

// exampleAsset is the cipher in examples, for which that of the sandbox is put.
const exampleAsset = "TTP_a7Yc0wAAAAB3kq9xLr"

// wrongForm is what the platform says of a request that no shop takes.
var wrongForm = regexp.MustCompile(`does not allow|must be after|is a required field|sort_field|code 10[16]0`)

// example is an example of a help text, on one line, and the market of the shop
// that it is for.
type example struct{ command, market string }

// examplesIn returns the examples of a help text.
func examplesIn(help string) []example {
	_, rest, _ := strings.Cut(help, "Examples:\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	rest = strings.ReplaceAll(rest, " \\\n    ", " ")
	var list []example
	market := ""
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		switch comment, isComment := strings.CutPrefix(line, "# a shop in "); {
		case isComment:
			market, _, _ = strings.Cut(comment, ";")
		case line != "":
			list = append(list, example{line, market})
		}
	}
	return list
}
