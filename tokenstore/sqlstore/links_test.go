package sqlstore_test

import (
	"bytes"
	osexec "os/exec"
	"slices"
	"strings"
	"testing"
)

// A program links the driver of the database that it opens, and no other one.
func TestDrivers(t *testing.T) {
	t.Parallel()
	const pgx, sqlite = "github.com/jackc/", "modernc.org/"
	for _, test := range []struct {
		folder string
		want   []string
	}{
		{".", nil},
		{"./postgres", []string{pgx}},
		{"./sqlite", []string{sqlite}},
		{"./byurl", []string{pgx, sqlite}},
	} {
		t.Run(test.folder, func(t *testing.T) {
			t.Parallel()
			cmd := osexec.CommandContext(t.Context(), "go", "list", "-deps", test.folder)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			packages, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s: %v\n%s", cmd, err, stderr.Bytes())
			}
			list := strings.Fields(string(packages))
			for _, driver := range []string{pgx, sqlite} {
				links := slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(p, driver) })
				if want := slices.Contains(test.want, driver); links != want {
					t.Errorf("links packages of %s: %t, want %t", driver, links, want)
				}
			}
		})
	}
}
