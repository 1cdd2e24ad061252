package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// inputs reads what flags point at: files and standard input.
type inputs struct{ stdin io.Reader }

// oneStdin refuses flags of which more than one is to read standard input.
func oneStdin(flags ...param) error {
	taker := ""
	for _, flag := range flags {
		if flag.value != "-" && flag.value != "@-" {
			continue
		}
		if taker != "" {
			return usagef("%s and %s cannot both read standard input", taker, flag.key)
		}
		taker = flag.key
	}
	return nil
}

// file reads the file that a flag names; "-" is standard input.
func (in *inputs) file(flag, name string) ([]byte, error) {
	if name != "-" {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		return b, nil
	}
	b, err := io.ReadAll(in.stdin)
	if err != nil {
		return nil, fmt.Errorf("%s: read standard input: %w", flag, err)
	}
	return b, nil
}

// secret reads a secret from the file that a flag names. The newline that ends
// the file is not part of it.
func (in *inputs) secret(flag, name string) (string, error) {
	b, err := in.file(flag, name)
	if err != nil {
		return "", err
	}
	if rest, ok := bytes.CutSuffix(b, []byte("\n")); ok {
		b = bytes.TrimSuffix(rest, []byte("\r"))
	}
	if len(b) == 0 {
		return "", notSignedInf("%s: the file is empty", flag)
	}
	return string(b), nil
}

// body returns the value of a flag: text as it stands, @FILE or, for standard
// input, @-.
func (in *inputs) body(flag, value string) ([]byte, error) {
	if name, ok := strings.CutPrefix(value, "@"); ok {
		return in.file(flag, name)
	}
	return []byte(value), nil
}
