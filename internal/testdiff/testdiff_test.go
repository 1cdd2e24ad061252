package testdiff

import (
	"strings"
	"testing"
	"time"
)

type toy struct {
	Name  string
	Parts []int
	Tags  map[string]*toy
	made  time.Time
	Any   any
	Raw   []byte
}

type secret string

func (secret) String() string { return "[secret]" }

func TestDiff(t *testing.T) {
	t.Parallel()
	now := time.Now()
	zone := time.FixedZone("x", 3600)
	for _, c := range []struct {
		what      string
		want, got any
		diff      string // a part of it; empty for equal values
	}{
		{"equal", toy{Name: "a", Parts: []int{1}, Raw: []byte("x")}, toy{Name: "a", Parts: []int{1}, Raw: []byte("x")}, ""},
		{"pointers", &toy{Name: "a"}, &toy{Name: "a"}, ""},
		{"a name", toy{Name: "a"}, toy{Name: "b"}, `-.Name: string "a"`},
		{"an item", toy{Parts: []int{1, 2}}, toy{Parts: []int{1, 3}}, "+.Parts[0001]: int 3"},
		{"more items", []string{"a"}, []string{"a", "b"}, `+[0001]: string "b"`},
		{"nil and empty", toy{Parts: nil}, toy{Parts: []int{}}, "[]int nil"},
		{"nil and empty bytes", []byte(nil), []byte{}, "[]uint8 nil"},
		{"in a map", toy{Tags: map[string]*toy{"x": {Name: "a"}}}, toy{Tags: map[string]*toy{"x": {Name: "b"}}}, ".Tags[x].Name"},
		{"a missing key", map[string]int{"a": 1}, map[string]int{}, "-[a]: int 1"},
		{"types", any(int64(1)), any(1), "int64 1"},
		{"types in an interface", toy{Any: "1"}, toy{Any: 1}, ".Any"},
		{"nothing and something", nil, toy{}, "nil"},
		{"what hides itself", secret("a"), secret("b"), `"a"`},
		{"one instant", now, now.In(zone).Round(0), ""},
		{"another instant", now, now.Add(1), "-"},
		{"unexported", toy{made: now}, toy{}, ".made"},
		{"lines", "a\nb\nc", "a\nx\nc", `+:00002: "x"`},
	} {
		got := Diff(c.want, c.got)
		if (got == "") != (c.diff == "") || !strings.Contains(got, c.diff) {
			t.Errorf("%s: %q, want %q", c.what, got, c.diff)
		}
	}
}
