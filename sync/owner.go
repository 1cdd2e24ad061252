package sync

import (
	"fmt"
	"os"
)

// ownName names this process among those that copy.
func ownName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return fmt.Sprintf("%s, process %d", host, os.Getpid())
}
