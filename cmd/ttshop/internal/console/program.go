package console

import (
	"context"
	"os/exec"
)

// FindProgram returns where a program is that comes with ttshop.
func (s *System) FindProgram(ctx context.Context, name string) (string, error) {
	if s.Program != nil {
		return s.Program(ctx, name)
	}
	return exec.LookPath(name)
}
