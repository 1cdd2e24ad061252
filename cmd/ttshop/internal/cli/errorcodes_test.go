package cli

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/catalog"
)

// Every code of the catalogue is told whole, in lines that fit a terminal.
func TestErrorsTellsEveryCode(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for _, code := range known.Codes() {
		var b strings.Builder
		if err := writeCode(&b, false, code, []string{"order.GetOrderList"}); err != nil {
			t.Fatal(err)
		}
		told := strings.Join(strings.Fields(b.String()), " ")
		want := []string{strconv.Itoa(code.Code), code.Meaning, code.Fix, code.Area, codeClass(code.Class), "order.GetOrderList"}
		for _, v := range code.Variants {
			want = append(want, v.When, v.Fix)
		}
		for _, part := range want {
			if !strings.Contains(told, strings.Join(strings.Fields(part), " ")) {
				t.Errorf("%d is told without %q:\n%s", code.Code, part, b.String())
			}
		}
		if repeatAdvice(code.Retry) == string(code.Retry) || sourceOf(code.Confidence) == code.Confidence {
			t.Errorf("%d: retry %q or confidence %q has no words", code.Code, code.Retry, code.Confidence)
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
				t.Errorf("%d: a line has %d columns: %s", code.Code, n, line)
			}
		}
	}
}

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
	if err := json.Unmarshal([]byte(got.stdout), &one); err != nil || got.code != exitOK {
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
		if err := json.Unmarshal([]byte(got.stdout), &list); err != nil || got.code != exitOK || list == nil {
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
