//go:build unix

package gateway_test

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has used: unlike the time on the
// wall it says something on a busy machine.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
