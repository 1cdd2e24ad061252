package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/ttshop-go/ttshop"
	"golang.org/x/term"
)

// ask asks the person at the terminal for a line.
func (s *System) ask(label string) (string, error) {
	fmt.Fprintf(s.Err, "%s: ", label)
	var b strings.Builder
	// Byte by byte, so that nothing of the next answer is taken.
	for one := make([]byte, 1); ; {
		n, err := s.In.Read(one)
		if n == 1 && one[0] == '\n' || err != nil {
			break
		}
		b.Write(one[:n])
	}
	answer := strings.TrimSpace(b.String())
	if answer == "" {
		return "", notSignedInf("no answer was given")
	}
	return answer, nil
}

// askSecret asks the person at the terminal for a secret, which is not shown.
func (s *System) askSecret(label string) (ttshop.Secret, error) {
	f, ok := s.In.(*os.File)
	if !ok {
		return "", errors.New("there is no terminal to ask at")
	}
	fmt.Fprintf(s.Err, "%s (not shown): ", label)
	answer, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(s.Err)
	if err != nil {
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if len(answer) == 0 {
		return "", notSignedInf("no answer was given")
	}
	return ttshop.Secret(strings.TrimSpace(string(answer))), nil
}
