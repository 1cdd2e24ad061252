//go:build !unix

package postgres

import (
	"errors"
	"os/exec"
)

// account is the user that the server runs as.
type account struct{}

func unprivileged() (*account, error) {
	return nil, errors.New("servers of the test's own run on Unix only")
}

func (*account) own(string) error { return nil }

func (*account) run(*exec.Cmd) {}
