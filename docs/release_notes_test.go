package docs_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReleaseNotes holds the notes of the version that the code has to the
// section of the changelog, and a version without one to a refusal.
func TestReleaseNotes(t *testing.T) {
	t.Parallel()
	script := func(name string, args ...string) (string, error) {
		out, err := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", name), args...).CombinedOutput()
		return strings.TrimSpace(string(out)), err
	}
	version, err := script("version")
	if err != nil {
		t.Fatalf("%v: %s", err, version)
	}
	_, section, found := strings.Cut(text(t, filepath.Join(root, "CHANGELOG.md")), "\n## "+version+"\n")
	if !found {
		t.Fatalf("CHANGELOG.md has no section of version %s", version)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, name := range []string{version, "v" + version} {
		if notes, err := script("release-notes", name); err != nil || notes != strings.TrimSpace(section) {
			t.Errorf("release-notes %s: %v\n%s", name, err, notes)
		}
	}
	// Not a pattern, and not the beginning of another version.
	for _, name := range []string{"9.9.9", version[:len(version)-1], strings.ReplaceAll(version, ".", "x")} {
		if out, err := script("release-notes", name); err == nil || !strings.Contains(out, "says nothing of version "+name) {
			t.Errorf("release-notes %s: %v\n%s", name, err, out)
		}
	}
}
