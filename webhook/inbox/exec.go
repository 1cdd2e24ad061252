package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/webhook"
)

// ExecOptions configure [Exec]. The zero value is a good start.
type ExecOptions struct {
	// Out gets what the command prints, one write at a time; nil discards it.
	Out io.Writer
	// Env is the environment of the command, to which the facts about the event
	// are added. Nil means that of this process without the variables whose
	// names begin with TTSHOP_, some of which hold secrets.
	Env []string
}

// Exec returns a function that runs a command for each event: the body on
// standard input, and in the environment
//
//	TTSHOP_EVENT_TYPE        the number
//	TTSHOP_EVENT_NAME        ORDER_STATUS_CHANGE and so on
//	TTSHOP_EVENT_KEY         identifies the event over all deliveries
//	TTSHOP_EVENT_ACCOUNT     id of the shop, seller or creator
//	TTSHOP_EVENT_OBJECT      id of what it is about, such as the order
//	TTSHOP_EVENT_ATTEMPT     1 for the first
//	TTSHOP_EVENT_RECONCILED  1 if the event was never received
//	TTSHOP_EVENT_REPLAYED    1 if it is handed out again on request
//
// The command is not read by a shell. Exit status 0 is success; the end of its
// standard error is part of the error. When the function's context ends, the
// command and all processes that it started are asked to end, and killed 2 s later
// (on Windows, at once), before the function returns. A process that left the
// command's process group is not found.
func Exec(command []string, options ExecOptions) (webhook.EventFunc, error) {
	if len(command) == 0 {
		return nil, errors.New("inbox: the command to run is empty")
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return nil, fmt.Errorf("inbox: the command to run: %w", err)
	}
	out, env := options.Out, options.Env
	if out != nil {
		out = &lockedWriter{w: out}
	}
	if env == nil {
		env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TTSHOP_") })
	}
	return func(ctx context.Context, e *webhook.Event) error {
		cmd := exec.CommandContext(ctx, path, command[1:]...)
		cmd.WaitDelay = 5 * time.Second
		group := newProcessGroup(cmd)
		defer group.close()
		cmd.Stdin = bytes.NewReader(e.Meta.Raw)
		cmd.Env = append(slices.Clip(env),
			"TTSHOP_EVENT_TYPE="+strconv.Itoa(int(e.Type)),
			"TTSHOP_EVENT_NAME="+e.Type.String(),
			"TTSHOP_EVENT_KEY="+e.Meta.Key,
			"TTSHOP_EVENT_ACCOUNT="+strings.ReplaceAll(e.Account(), "\x00", ""), // which no environment holds
			"TTSHOP_EVENT_OBJECT="+strings.ReplaceAll(e.Object(), "\x00", ""),
			"TTSHOP_EVENT_ATTEMPT="+strconv.Itoa(e.Meta.Attempt),
			"TTSHOP_EVENT_RECONCILED="+flag(e.Meta.Reconciled),
			"TTSHOP_EVENT_REPLAYED="+flag(e.Meta.Replayed),
		)
		cmd.Stdout = out
		var errOut tail
		cmd.Stderr = &errOut
		if out != nil {
			cmd.Stderr = io.MultiWriter(out, &errOut)
		}
		err := cmd.Start()
		if err == nil {
			if err = group.started(); err != nil {
				_ = cmd.Process.Kill() // the first error says more
			}
			err = errors.Join(err, cmd.Wait())
		}
		if ctx.Err() != nil {
			group.kill()
		}
		if err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("%w (%w)", err, ctx.Err())
			}
			return fmt.Errorf("command %s: %w: %s", command[0], err, bytes.TrimSpace(errOut.text))
		}
		return nil
	}, nil
}

func flag(set bool) string {
	if set {
		return "1"
	}
	return ""
}

// lockedWriter takes the output of commands that run beside one another.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// tail keeps the end of what is written.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	const limit = 1000
	t.text = append(t.text, p...)
	if over := len(t.text) - limit; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}
