package spec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// Load reads all domains below dir, sorted by name.
func Load(dir string) ([]*Domain, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	slices.Sort(paths)
	domains := make([]*Domain, 0, len(paths))
	for _, path := range paths {
		d := new(Domain)
		if err := ReadJSON(path, d); err != nil {
			return nil, err
		}
		domains = append(domains, d)
	}
	return domains, nil
}

// ReadJSON reads a file of the spec into v and refuses fields that v does not
// know.
func ReadJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading spec: %w", err)
	}
	if err := DecodeStrict(data, v); err != nil {
		return fmt.Errorf("decoding %s: %w", path, err)
	}
	return nil
}

// Sort sorts the operations by path, then method.
func (d *Domain) Sort() {
	slices.SortFunc(d.Operations, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
}

// Encode returns v as the JSON that the spec files hold: indented, with lists of
// scalars and objects without members of their own on one line.
func Encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return leafObject.ReplaceAllFunc(leafList.ReplaceAllFunc(buf.Bytes(), oneLine), oneLine), nil
}

// Encoded strings hold no line breaks, so only layout can match across lines.
var (
	leafList   = regexp.MustCompile(`\[[^{}\[\]]*\]`)
	leafObject = regexp.MustCompile(`\{(?:[^{}\[\]]|\[[^{}\[\]]*\])*\}`)
	lineBreak  = regexp.MustCompile(`\n *`)
)

func oneLine(text []byte) []byte {
	text = lineBreak.ReplaceAll(text, []byte(" "))
	text = bytes.Replace(text, []byte("[ "), []byte("["), 1)
	text = bytes.Replace(text, []byte("{ "), []byte("{"), 1)
	for _, end := range []string{" ]", " }"} {
		if before, ok := bytes.CutSuffix(text, []byte(end)); ok {
			text = append(before, end[1])
		}
	}
	return text
}

// DecodeStrict decodes one JSON value and refuses fields that v does not know.
func DecodeStrict(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}
