//go:build unix

package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is the user that the server runs as; nil means the one who runs the test.
type account struct{ uid, gid uint32 }

// unprivileged returns an account for the server where the test runs as root.
func unprivileged() (*account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &account{uint32(uid), uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
}

// own gives the account a folder, and access to the folders above it within the
// folder for temporary files, which are private to the test.
func (a *account) own(dir string) error {
	if a == nil {
		return nil
	}
	for above := filepath.Dir(dir); strings.HasPrefix(above, filepath.Clean(os.TempDir())+"/"); above = filepath.Dir(above) {
		info, err := os.Stat(above)
		if err == nil {
			err = os.Chmod(above, info.Mode().Perm()|0o011)
		}
		if err != nil {
			return err
		}
	}
	return os.Chown(dir, int(a.uid), int(a.gid))
}

// run makes a command run as the account, in a session of its own, so that
// interrupting the test does not interrupt the server.
func (a *account) run(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if a != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
}
