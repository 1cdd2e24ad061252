package cli

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// TestEveryExample runs the examples in the help of every operation against one
// sandbox in this process. None is wrong usage, and none is refused by the gateway;
// that an id that is made up is not found is no fault of an example.
func TestEveryExample(t *testing.T) {
	t.Parallel()
	box, err := sandbox.New(sandbox.Config{Seed: 1, Throttle: new(0.0), Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	server := httptest.NewServer(box)
	defer server.Close()
	c := box.Credentials()
	env := map[string]string{
		platform.EnvEndpoint: server.URL, platform.EnvAppKey: c.AppKey, platform.EnvAppSecret: c.AppSecret,
		platform.EnvAccessToken: c.AccessToken, platform.EnvShopCipher: c.Shops[0].Cipher,
	}
	folder := t.TempDir()
	picture, err := photo()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "photo.png"), []byte(picture), 0o600); err != nil {
		t.Fatal(err)
	}
	ran, done := 0, 0
	everyVersion(t, func(op *catalog.Operation, command []string) {
		help := run(t, nil, "", append(command, "--help")...)
		if op.FullName() == "authorization.DeauthorizeShop" {
			return // it would end the grant of those that follow
		}
		for _, example := range examplesIn(help.stdout) {
			args := shellWords(strings.NewReplacer("photo.png", filepath.Join(folder, "photo.png"), exampleAsset, c.CategoryAssetCipher).Replace(example))[1:]
			got := run(t, env, "", args...)
			ran++
			switch {
			case got.code == console.ExitOK:
				done++
			case got.code != console.ExitRefused || wrongForm.MatchString(got.err):
				t.Errorf("%s: exit code %d: %s\nWhat an example needs beyond the catalogue is in operation/example_fields.json.", example, got.code, strings.TrimSpace(got.err))
			}
		}
	})
	t.Logf("%d of %d", done, ran)
}

// exampleAsset is the cipher in examples, for which that of the sandbox is put.
const exampleAsset = "TTP_a7Yc0wAAAAB3kq9xLr"

// wrongForm is what the platform says of a request that no shop takes.
var wrongForm = regexp.MustCompile(`does not allow|must be after|is a required field|sort_field|code 10[16]0`)

// examplesIn returns the examples of a help text, each on one line.
func examplesIn(help string) []string {
	_, rest, _ := strings.Cut(help, "Examples:\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	rest = strings.ReplaceAll(rest, " \\\n    ", " ")
	var list []string
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
