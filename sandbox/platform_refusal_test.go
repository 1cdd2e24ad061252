package sandbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

// provoked brings about the refusals that were recorded, by the names of their
// files. The operations are those of the recordings.
var provoked = map[string]func(t *testing.T, method, path string) *answer{
	"app_key": func(t *testing.T, method, path string) *answer {
		w := newWorld(t)
		e := w.request(method, path, "", "")
		e.query.Set("app_key", "nobody")
		return w.send(t, e)
	},
	"cipher_missing": func(t *testing.T, method, path string) *answer {
		w := newWorld(t)
		return w.call(t, "", method, path, "page_size=1", "{}")
	},
	"cipher_unneeded_1": unneededCipher,
	"cipher_unneeded_2": unneededCipher,
	"cipher_unneeded_3": unneededCipher,
	"method": func(t *testing.T, method, path string) *answer {
		w := newWorld(t)
		return w.call(t, "US", method, path, "", "")
	},
	"scope": func(t *testing.T, method, path string) *answer {
		w := newWorld(t)
		g := w.give(t, map[string]any{"user": w.users(t, "seller")[1].OpenID, "scopes": []string{"seller.order.info"}})
		return w.as(t, g.AccessToken, method, path, "", "")
	},
	"sign": func(t *testing.T, method, path string) *answer {
		w := newWorld(t)
		e := w.request(method, path, "", "")
		e.sign = strings.Repeat("0", 64)
		return w.send(t, e)
	},
	"throttle": func(t *testing.T, method, path string) *answer {
		w := newWorld(t, func(c *sandbox.Config) { c.Throttle = new(1.0) })
		path = strings.Replace(path, "{order_id}", "1", 1)
		w.call(t, "US", method, path, "", "")
		return w.call(t, "US", method, path, "", "")
	},
	"user_type": func(t *testing.T, method, path string) *answer {
		w := newWorld(t, func(c *sandbox.Config) { c.StrictUserType = true })
		g := w.give(t, map[string]any{"user": w.users(t, "seller")[1].OpenID})
		return w.as(t, g.AccessToken, method, path, "", "")
	},
}

func unneededCipher(t *testing.T, method, path string) *answer {
	w := newWorld(t)
	return w.call(t, "US", method, path, "", "")
}

// The sandbox refuses as the platform did: with its code, its HTTP status where it
// was recorded, and its words.
func TestPlatformRefusals(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/platform/refusals/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings (%v)", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var recorded struct {
				Operation, Message string
				Status, Code       int
			}
			if err := json.Unmarshal(raw, &recorded); err != nil {
				t.Fatal(err)
			}
			provoke := provoked[name]
			if provoke == nil {
				t.Fatal("say in provoked how to bring it about")
			}
			method, path, _ := strings.Cut(recorded.Operation, " ")
			got := provoke(t, method, path)
			if got.Code != recorded.Code || recorded.Status != 0 && got.status != recorded.Status {
				t.Errorf("code %d with status %d, recorded %d with %d", got.Code, got.status, recorded.Code, recorded.Status)
			}
			rest := got.Message
			for part := range strings.SplitSeq(recorded.Message, "…") { // what was cut
				_, after, found := strings.Cut(rest, strings.TrimSpace(part))
				if !found {
					t.Errorf("%q, recorded %q", got.Message, recorded.Message)
					break
				}
				rest = after
			}
		})
	}
}
