package local

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
)

var exampleFixtures = filepath.Join("..", "..", "..", "..", "docs", "fixtures")

// Both examples of the guide say the same, and a sandbox starts with them.
func TestExampleFixtures(t *testing.T) {
	t.Parallel()
	var values []any
	for _, name := range []string{"shop.json", "shop.yaml"} {
		raw, err := os.ReadFile(filepath.Join(exampleFixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".yaml") {
			if raw, err = jsonOfYAML(raw); err != nil {
				t.Fatal(err)
			}
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, raw)
		}
		values = append(values, v)
		fixtures, err := readFixtures(filepath.Join(exampleFixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		sb, err := sandbox.New(sandbox.Config{Fixtures: fixtures})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sb.Close()
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		t.Errorf("the examples differ:\n%v\n%v", values[0], values[1])
	}
}

// What is wrong with YAML is said with its line there.
func TestFixturesYAMLRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ file, want string }{
		{"buyers:\n  - shop: GB\n    # a comment\n    nickname: 7\n", "line 4: buyers[0].nickname is the number 7; want a text"},
		{"buyers:\n  - shop: GB\n\n  - shop: FR\n    nickname: x\n", "line 2: buyers[0] lacks nickname"},
		{"buyers:\n  - {shop: GB,\n     name: x}\n", `line 3: buyers[0] has no field "name"`},
		{"stock:\n  - {shop: GB, seller_sku: x, quantity: 99999999999999999999}\n", "line 2: "},
		{"products: &a\n  - shop: GB\nstock: *a\n", "line 3: aliases are not supported"},
		{"a: [\n", "line "},
		{"? [a]\n: b\n", "line 1: the name of a field is not a text"},
		{"- a\n", "line 1: the file is a list"},
	} {
		name := filepath.Join(t.TempDir(), "fixtures.yml")
		if err := os.WriteFile(name, []byte(test.file), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readFixtures(name); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--fixtures "+name) {
			t.Errorf("%q: %v, want %s", test.file, err, test.want)
		}
	}
	if _, err := readFixtures(filepath.Join(t.TempDir(), "none.yaml")); err == nil || !strings.Contains(err.Error(), "--fixtures") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// YAML becomes JSON or is refused, whatever it is.
func FuzzJSONOfYAML(f *testing.F) {
	example, err := os.ReadFile(filepath.Join(exampleFixtures, "shop.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	for _, seed := range []string{"", "a: 1", "- 1\n- [x, y]", "a: *b", "? [x]\n: y", "a: .inf", "a: 0x1F", "a: TRUE", "a: ~", "\"a\\n\": |\n  b\n  c"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 4096 {
			t.Skip("long ones only take longer")
		}
		out, err := jsonOfYAML(raw)
		if err == nil && !json.Valid(out) {
			t.Errorf("%q became %q", raw, out)
		}
		if err == nil && bytes.Count(out, []byte("\n")) > bytes.Count(raw, []byte("\n"))+bytes.Count(raw, []byte("\r")) {
			t.Errorf("%q has fewer lines than %q", raw, out)
		}
	})
}
