//go:build !linux

package tokenstore_test

import (
	"os"
	"testing"
)

// dropPrivileges skips the test for root, who may write everything.
func dropPrivileges(t *testing.T, _ string) {
	t.Helper()
	if os.Getuid() == 0 {
		t.Skip("needs a user other than root")
	}
}
