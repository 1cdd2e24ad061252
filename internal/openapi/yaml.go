package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// YAML returns the document as YAML, the same bytes every time.
func (d *Document) YAML() ([]byte, error) {
	text, err := d.JSON()
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var b bytes.Buffer
	if err := writeYAML(&b, dec, 0); err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	return bytes.TrimPrefix(b.Bytes(), []byte("\n")), nil
}

// writeYAML writes the next value of dec, with what separates it from its key.
// Texts stay as JSON writes them, which YAML reads alike.
func writeYAML(b *bytes.Buffer, dec *json.Decoder, depth int) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	open, nested := token.(json.Delim)
	switch {
	case !nested:
		b.WriteByte(' ')
		return writeScalar(b, token)
	case !dec.More():
		fmt.Fprintf(b, " %s%s\n", open, map[json.Delim]string{'{': "}", '[': "]"}[open])
	default:
		b.WriteByte('\n')
	}
	for dec.More() {
		b.WriteString(strings.Repeat("  ", depth))
		if open == '[' {
			b.WriteByte('-')
		} else {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if err := writeKey(b, fmt.Sprint(key)); err != nil {
				return err
			}
		}
		if err := writeYAML(b, dec, depth+1); err != nil {
			return err
		}
	}
	_, err = dec.Token() // the closing one
	return err
}

func writeScalar(b *bytes.Buffer, token json.Token) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	return enc.Encode(token)
}

// plainKey matches keys that need no quotes.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// words that YAML reads as something else than text.
var reserved = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

func writeKey(b *bytes.Buffer, key string) error {
	if plainKey.MatchString(key) && !slices.Contains(reserved, strings.ToLower(key)) {
		b.WriteString(key + ":")
		return nil
	}
	if err := writeScalar(b, key); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line end
	b.WriteByte(':')
	return nil
}
