package sync

import (
	"fmt"
	"os"
)

// OwnName names this process among those that copy; it is what [Config.Owner] is by
// default.
func OwnName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return fmt.Sprintf("%s, process %d", host, os.Getpid())
}
