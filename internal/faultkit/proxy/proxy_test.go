package proxy_test

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/proxy"
)

// echo answers every line with itself.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func dial(t *testing.T, p *proxy.Proxy) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, bufio.NewReader(conn)
}

// ask sends a line and returns what comes back within the time.
func ask(t *testing.T, conn net.Conn, r *bufio.Reader, line string, within time.Duration) (string, error) {
	t.Helper()
	if _, err := io.WriteString(conn, line+"\n"); err != nil {
		return "", err
	}
	return answer(t, conn, r, within)
}

func answer(t *testing.T, conn net.Conn, r *bufio.Reader, within time.Duration) (string, error) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	return r.ReadString('\n')
}

func TestProxy(t *testing.T) {
	t.Parallel()
	const patience = 10 * time.Second
	p := proxy.New(t, echo(t))
	conn, r := dial(t, p)
	if got, err := ask(t, conn, r, "one", patience); got != "one\n" || err != nil {
		t.Fatalf("passed on: %q, %v", got, err)
	}
	p.Hang()
	if got, err := ask(t, conn, r, "two", 50*time.Millisecond); err == nil {
		t.Fatalf("while it hangs came %q", got)
	}
	p.Pass()
	if got, err := answer(t, conn, r, patience); got != "two\n" || err != nil {
		t.Fatalf("after it hung came %q, %v", got, err)
	}
	p.Trickle(1, 10*time.Millisecond)
	began := time.Now()
	if got, err := ask(t, conn, r, "three", patience); got != "three\n" || err != nil || time.Since(began) < 50*time.Millisecond {
		t.Fatalf("trickled %q in %v, %v", got, time.Since(began), err)
	}
	p.HangOpen()
	other, otherReader := dial(t, p)
	if got, err := ask(t, other, otherReader, "new", patience); got != "new\n" || err != nil {
		t.Fatalf("on a new connection came %q, %v", got, err)
	}
	if got, err := ask(t, conn, r, "old", 50*time.Millisecond); err == nil {
		t.Fatalf("on the old connection came %q", got)
	}
	p.Pass()
	if got, err := answer(t, conn, r, patience); got != "old\n" || err != nil {
		t.Fatalf("on the old connection came %q, %v", got, err)
	}
	p.Cut()
	if got, err := answer(t, conn, r, patience); err == nil {
		t.Fatalf("after the cut came %q", got)
	}
	p.CutAfter(2)
	conn, r = dial(t, p)
	if got, err := ask(t, conn, r, "four", patience); got != "fo" || err == nil {
		t.Fatalf("of an answer cut after two bytes came %q, %v", got, err)
	}
	p.Refuse()
	conn, r = dial(t, p)
	if got, err := answer(t, conn, r, patience); err == nil {
		t.Fatalf("refused, but %q came", got)
	}
	if p.Accepted() != 4 {
		t.Errorf("%d connections, want 4", p.Accepted())
	}
}
