// Package lock keeps the names that the generator has assigned: of operations,
// after their titles, and of the methods, types and enums of Go. A published name
// stays: lines are added, never changed or removed. Before the first release the
// names of Go were chosen once more; those of operations stayed.
package lock

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// A Lock maps what has a name to the name. The zero value is an empty lock.
type Lock struct {
	names map[string]string
	used  map[string]bool
	added map[string]bool
}

// Key returns the key of something in a domain: its kind (operation, type or
// enum) and where it is.
func Key(kind, domain, where string) string { return kind + " " + domain + " " + where }

// Load reads a lock file; one that does not exist is empty.
func Load(path string) (*Lock, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	return Parse(data)
}

// Parse reads the lines of a lock file: the key, a space, the name.
func Parse(data []byte) (*Lock, error) {
	l := &Lock{names: map[string]string{}}
	previous := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		i := strings.LastIndexByte(line, ' ')
		if i < 0 {
			return nil, fmt.Errorf("names: line without a name: %q", line)
		}
		if line <= previous {
			return nil, fmt.Errorf("names: line out of order: %q", line)
		}
		if _, ok := l.names[line[:i]]; ok {
			return nil, fmt.Errorf("names: two names for %q", line[:i])
		}
		previous = line
		l.names[line[:i]] = line[i+1:]
	}
	return l, nil
}

// Name returns the name of key, or "" when it has none.
func (l *Lock) Name(key string) string { return l.names[key] }

// Claim gives key its name. It refuses to change one.
func (l *Lock) Claim(key, name string) error {
	if l.used == nil {
		l.used, l.added = map[string]bool{}, map[string]bool{}
	}
	if l.names == nil {
		l.names = map[string]string{}
	}
	l.used[key] = true
	switch old, ok := l.names[key]; {
	case !ok:
		l.names[key] = name
		l.added[key] = true
	case old != name:
		return fmt.Errorf("names: %s is named %s and cannot become %s", key, old, name)
	}
	return nil
}

// Added returns the lines that the last run added.
func (l *Lock) Added() []string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(l.added)) {
		lines = append(lines, key+" "+l.names[key])
	}
	return lines
}

// Unclaimed returns the lines that nothing claimed: what they name is gone.
func (l *Lock) Unclaimed() []string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(l.names)) {
		if !l.used[key] {
			lines = append(lines, key+" "+l.names[key])
		}
	}
	return lines
}

const header = `# The names of the generated API. Lines are added, never changed or removed:
# what a program once compiled with stays. Sorted by bytes. The names of Go were
# started anew once, on purpose, before the first release.
`

// Bytes returns the lock as a file.
func (l *Lock) Bytes() []byte {
	lines := make([]string, 0, len(l.names))
	for key, name := range l.names {
		lines = append(lines, key+" "+name+"\n")
	}
	slices.Sort(lines)
	var b bytes.Buffer
	b.WriteString(header)
	for _, line := range lines {
		b.WriteString(line)
	}
	return b.Bytes()
}
