package cli

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

func TestErrorsInJSON(t *testing.T) {
	t.Parallel()
	type told struct {
		Code       int
		Meaning    string
		Fix        string
		Class      string
		Retry      string
		Operations []string
	}
	var one told
	got := run(t, nil, "", "errors", "21001003", "--json")
	if err := json.Unmarshal([]byte(got.stdout), &one); err != nil || got.code != console.ExitOK {
		t.Fatalf("exit code %d, %v: %s", got.code, err, got.err)
	}
	if one.Code != 21001003 || one.Meaning == "" || one.Fix == "" || one.Class != "unavailable" || one.Retry != "backoff" || len(one.Operations) == 0 {
		t.Errorf("errors 21001003 --json = %+v", one)
	}
	for args, want := range map[string]struct{ least, most int }{
		"":             {771, 771},
		"360090":       {10, 20},
		"Access TOKEN": {2, 40},
		"999":          {0, 0},
		"nosuchword":   {0, 0},
	} {
		var list []told
		got := run(t, nil, "", "errors", "--json", args)
		if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || (got.code == console.ExitOK) != (want.most > 0) || list == nil {
			t.Errorf("errors --json %q: exit code %d, %v: %s", args, got.code, err, got.stdout)
		}
		if len(list) < want.least || len(list) > want.most {
			t.Errorf("errors --json %q lists %d codes, want %d to %d", args, len(list), want.least, want.most)
		}
		for _, c := range list {
			if args == "360090" && !strings.HasPrefix(strconv.Itoa(c.Code), args) {
				t.Errorf("errors 360090 lists %d", c.Code)
			}
		}
	}
}
