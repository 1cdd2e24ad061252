package inbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
)

// Program returns an engine that runs the program ttshop-inbox, which spares the
// process the code of a NATS server. The function find says where the program is,
// when a server has to be started. The program ends with this process, however that
// ends; if it ends earlier, it is started again.
func Program(find func(context.Context) (string, error)) Engine {
	return func(ctx context.Context, o engine.Options) (engine.Server, error) {
		path, err := find(ctx)
		if err != nil {
			return nil, err
		}
		return startProgram(ctx, path, o)
	}
}

// program is a server that is a process of its own.
type program struct {
	options engine.Options
	cmd     *exec.Cmd
	in      io.Closer // its end asks the program to end
	words   tail      // what it said before it died
	at      engine.Ready
	asked   atomic.Bool   // to end
	ended   chan struct{} // is closed when it has ended
}

// programEnds is how long the program may take to close its files.
const programEnds = 30 * time.Second

func startProgram(ctx context.Context, path string, o engine.Options) (*program, error) {
	p := &program{options: o, cmd: exec.Command(path), ended: make(chan struct{})}
	ownGroup(p.cmd) // the signal of a terminal ends it only after this process
	p.cmd.Stderr = &p.words
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.in = in
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	first := make(chan engine.Message, 1)
	go p.listen(out, first)
	err = json.NewEncoder(in).Encode(engine.Request{Protocol: engine.Protocol, Dir: o.Dir, Port: o.Port, Token: o.Token})
	if err == nil {
		select {
		case m := <-first:
			switch {
			case m.Ready != nil:
				p.at = *m.Ready
				go p.watch()
				return p, nil
			case m.Error != "":
				err = fmt.Errorf("%s: %s", path, m.Error)
			default:
				p.Stop()
				err = fmt.Errorf("%s ended before it was ready: %s", path, p.end())
			}
		case <-ctx.Done():
			err = fmt.Errorf("%s is not ready: %w", path, ctx.Err())
		}
	}
	p.Stop()
	return nil, err
}

// listen reads what the program tells until it ends. The first message that is not
// a line of the log goes to first; an empty one stands for the end.
func (p *program) listen(out io.Reader, first chan<- engine.Message) {
	defer close(p.ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	told := false
	for lines.Scan() {
		var m engine.Message
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			p.options.Log(slog.LevelWarn, fmt.Sprintf("a line of the server's program cannot be read: %q", lines.Text()))
			continue
		}
		switch {
		case m.Log != nil:
			p.options.Log(m.Log.Level, m.Log.Text)
		case !told:
			told = true
			first <- m
		}
	}
	if lines.Err() != nil {
		_, _ = io.Copy(io.Discard, out) // a line beyond all measure; the program must not block on it
	}
	_ = p.cmd.Wait() // its state says what was wrong
	if !told {
		first <- engine.Message{}
	}
}

// watch reports the end of the program if nobody asked for it.
func (p *program) watch() {
	<-p.ended
	if !p.asked.Load() {
		p.options.Log(slog.LevelError, "the program ended: "+p.end())
		p.options.Lost()
	}
}

// end says how the program ended.
func (p *program) end() string {
	if words := bytes.TrimSpace(p.words.text); len(words) > 0 {
		return p.cmd.ProcessState.String() + ": " + string(words)
	}
	return p.cmd.ProcessState.String()
}

// URL is where clients find the server.
func (p *program) URL() string { return p.at.URL }

// Port is the port of the server.
func (p *program) Port() int { return p.at.Port }

// InProcessConn connects to the server over the loopback address.
func (p *program) InProcessConn() (net.Conn, error) {
	return net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.at.Port)), 2*time.Second)
}

// Stop asks the program to end and waits until it has.
func (p *program) Stop() {
	p.asked.Store(true)
	if err := p.in.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		p.options.Log(slog.LevelDebug, "closing the input of the server's program: "+err.Error())
	}
	select {
	case <-p.ended:
	case <-time.After(programEnds):
		p.options.Log(slog.LevelError, fmt.Sprintf("the server's program has not ended after %s and is killed", programEnds))
		_ = p.cmd.Process.Kill() // fails only if it has just ended
		<-p.ended
	}
}
