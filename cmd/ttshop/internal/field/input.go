package field

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
)

// Inputs reads what flags point at: files and standard input.
type Inputs struct{ Stdin io.Reader }

// OneStdin refuses flags of which more than one is to read standard input.
func OneStdin(flags ...Param) error {
	taker := ""
	for _, flag := range flags {
		if flag.Value != "-" && flag.Value != "@-" {
			continue
		}
		if taker != "" {
			return console.Usagef("%s and %s cannot both read standard input", taker, flag.Key)
		}
		taker = flag.Key
	}
	return nil
}

// File reads the file that a flag names; "-" is standard input.
func (in *Inputs) File(flag, name string) ([]byte, error) {
	if name != "-" {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		return b, nil
	}
	b, err := io.ReadAll(in.Stdin)
	if err != nil {
		return nil, fmt.Errorf("%s: read standard input: %w", flag, err)
	}
	return b, nil
}

// Secret reads a secret from the file that a flag names. The newline that ends
// the file is not part of it.
func (in *Inputs) Secret(flag, name string) (string, error) {
	b, err := in.File(flag, name)
	if err != nil {
		return "", err
	}
	if rest, ok := bytes.CutSuffix(b, []byte("\n")); ok {
		b = bytes.TrimSuffix(rest, []byte("\r"))
	}
	if len(b) == 0 {
		return "", console.NotSignedInf("%s: the file is empty", flag)
	}
	return string(b), nil
}

// Body returns the value of a flag: text as it stands, @FILE or, for standard
// input, @-.
func (in *Inputs) Body(flag, value string) ([]byte, error) {
	if name, ok := strings.CutPrefix(value, "@"); ok {
		return in.File(flag, name)
	}
	return []byte(value), nil
}
