package wire

import (
	"fmt"
	"net/url"
	"strings"
)

// ExpandPath replaces every {name} of a path template by the escaped value
// that lookup returns for it.
func ExpandPath(template string, lookup func(name string) (string, bool)) (string, error) {
	if !strings.Contains(template, "{") {
		return template, nil
	}
	var b strings.Builder
	b.Grow(len(template) + 16)
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		var name string
		if name, template, found = strings.Cut(rest, "}"); !found {
			return "", fmt.Errorf("path template has no closing brace")
		}
		value, ok := lookup(name)
		switch {
		case !ok || value == "":
			return "", fmt.Errorf("path parameter %s is empty; set it", name)
		case value == "." || value == "..":
			// Servers and proxies resolve such segments: a path other than the
			// signed one would be called.
			return "", fmt.Errorf("path parameter %s is %q, want an id", name, value)
		}
		b.WriteString(url.PathEscape(value))
	}
}

// CheckPath reports why a caller's path cannot be requested, or nil.
func CheckPath(path string) error {
	switch {
	case !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//"):
		return fmt.Errorf("path %q does not begin with one slash; pass the path alone, such as /order/202309/orders", path)
	case strings.ContainsAny(path, "?#"):
		return fmt.Errorf("path %q holds a query or a fragment; pass parameters as query", path)
	}
	if _, err := url.PathUnescape(path); err != nil {
		return fmt.Errorf("path %q holds a broken percent escape", path)
	}
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return fmt.Errorf("path %q holds %q, which must be percent-escaped", path, c)
		}
	}
	return nil
}
