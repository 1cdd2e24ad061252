package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ttshop-go/ttshop"
	"golang.org/x/term"
)

// Ask asks the person at the terminal for a line.
func (s *System) Ask(label string) (string, error) {
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
		return "", NotSignedInf("no answer was given")
	}
	return answer, nil
}

// AskSecret asks the person at the terminal for a secret, which is not shown.
func (s *System) AskSecret(label string) (ttshop.Secret, error) {
	f, ok := s.In.(*os.File)
	if !ok {
		return "", errors.New("there is no terminal to ask at; use a file or the environment")
	}
	fmt.Fprintf(s.Err, "%s (not shown): ", label)
	answer, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(s.Err)
	if err != nil {
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if len(answer) == 0 {
		return "", NotSignedInf("no answer was given")
	}
	return ttshop.Secret(strings.TrimSpace(string(answer))), nil
}

// ReadLine reads a line, unless the context ends first.
func ReadLine(ctx context.Context, in io.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(in).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		read <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-read:
		return a.line, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// Confirm asks before something that is hard to undo. Where nobody can be asked
// the answer is no.
func (s *System) Confirm(ctx context.Context, question string) error {
	if !s.Terminal.Ask {
		return Usagef("there is no terminal to ask at; pass --yes to go on without asking")
	}
	fmt.Fprintf(s.Err, "%s [y/N] ", question)
	answer, err := ReadLine(ctx, s.In)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		return fmt.Errorf("nothing was done")
	}
	return nil
}
