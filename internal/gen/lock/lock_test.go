package lock

import (
	"slices"
	"strings"
	"testing"
)

func TestLock(t *testing.T) {
	t.Parallel()
	l, err := Parse([]byte("# remark\noperation toy GET /toy/202309/toys GetToys\ntype toy GET /toy/202309/toys result.toys[] Toy\n"))
	if err != nil {
		t.Fatal(err)
	}
	toys := Key("operation", "toy", "GET /toy/202309/toys")
	if got := l.Name(toys); got != "GetToys" {
		t.Errorf("Name = %q", got)
	}
	if err := l.Claim(toys, "GetToys"); err != nil {
		t.Errorf("claiming the same name again: %v", err)
	}
	if err := l.Claim(toys, "ListToys"); err == nil || !strings.Contains(err.Error(), "GetToys") {
		t.Errorf("changing a name: %v", err)
	}
	if err := l.Claim(Key("operation", "toy", "GET /toy/202612/toys"), "GetToysV202612"); err != nil {
		t.Fatal(err)
	}
	if got, want := l.Added(), []string{"operation toy GET /toy/202612/toys GetToysV202612"}; !slices.Equal(got, want) {
		t.Errorf("Added = %q, want %q", got, want)
	}
	if got, want := l.Unclaimed(), []string{"type toy GET /toy/202309/toys result.toys[] Toy"}; !slices.Equal(got, want) {
		t.Errorf("Unclaimed = %q, want %q", got, want)
	}
	again, err := Parse(l.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if string(again.Bytes()) != string(l.Bytes()) {
		t.Errorf("written and read again:\n%s\nbefore:\n%s", again.Bytes(), l.Bytes())
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"unsorted":  "b x B\na x A\n",
		"two names": "a x A\na x B\n",
		"no name":   "lonely\n",
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
