package embedded

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/webhook/inbox/internal/engine"
	"github.com/ttshop-go/ttshop/webhook/inbox/internal/natsserver"
)

// Serve is what the program ttshop-inbox does: it serves the folder that the first
// line of in names until in ends, and tells on out where the server is and what it
// logs. [inbox.Program] is the other side.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	say := sayer{to: json.NewEncoder(out)}
	lines := bufio.NewReader(in)
	server, err := start(ctx, lines, &say)
	if err != nil {
		say.message(engine.Message{Error: err.Error()})
		return err
	}
	defer server.Stop()
	say.message(engine.Message{Ready: &engine.Ready{URL: server.URL(), Port: server.Port()}})
	if _, err := io.Copy(io.Discard, lines); err != nil {
		return fmt.Errorf("wait for the end of the input: %w", err)
	}
	return nil
}

// start reads the request and starts the server that it asks for.
func start(ctx context.Context, lines *bufio.Reader, say *sayer) (engine.Server, error) {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	var r engine.Request
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	if r.Protocol != engine.Protocol {
		return nil, fmt.Errorf("the request is of protocol %d, this ttshop-inbox speaks %d: install both from the same release", r.Protocol, engine.Protocol)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return natsserver.Start(ctx, engine.Options{
		Dir: r.Dir, Port: r.Port, Token: r.Token,
		Log: func(level slog.Level, message string) {
			say.message(engine.Message{Log: &engine.Line{Level: level, Text: message}})
		},
	})
}

// sayer writes messages.
type sayer struct {
	mu sync.Mutex
	to *json.Encoder
}

// message writes a message. If it cannot, the process that started this one is gone
// and its end of the input is about to say so.
func (s *sayer) message(m engine.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.to.Encode(m)
}
