package inbox

import (
	"fmt"
	"os/exec"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/windows"
)

// processGroup is a command with what it started: a job object. What the command
// starts in the instant before it is put into the job is not part of it.
type processGroup struct {
	cmd *exec.Cmd
	job atomic.Uintptr // a windows.Handle; 0 before the command has started
}

func newProcessGroup(cmd *exec.Cmd) *processGroup {
	g := &processGroup{cmd: cmd}
	cmd.Cancel = func() error {
		g.kill()
		return cmd.Process.Kill()
	}
	return g
}

// started puts the command into a job.
func (g *processGroup) started() error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return fmt.Errorf("make a job object: %w", err)
	}
	g.job.Store(uintptr(job))
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(g.cmd.Process.Pid))
	if err != nil {
		return fmt.Errorf("open the command's process: %w", err)
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(job, process); err != nil {
		return fmt.Errorf("put the command into a job: %w", err)
	}
	return nil
}

// kill ends what is left of the job. That nothing is left is not an error.
func (g *processGroup) kill() {
	if job := g.job.Load(); job != 0 {
		_ = windows.TerminateJobObject(windows.Handle(job), 1)
	}
}

func (g *processGroup) close() {
	if job := g.job.Load(); job != 0 {
		_ = windows.CloseHandle(windows.Handle(job))
	}
}

// ownGroup keeps a command that has not started from the signals of the console.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}
