package postgres_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/faultkit/disk"
	"github.com/ttshop-go/ttshop/internal/faultkit/postgres"
)

// TestServer tries every fault in turn: what was committed is there after each.
func TestServer(t *testing.T) {
	t.Parallel()
	s := postgres.New(t)
	url := s.URL()
	s.Query("create table t (n int)")
	for name, suffer := range map[string]func(){
		"stop":    func() { s.Stop(); s.Stop(); s.Start(); s.Start() },
		"kill":    func() { s.Kill(); s.Start() },
		"restart": s.Restart,
		"crash":   s.Crash,
	} {
		s.Query("insert into t values (1)")
		before := s.Query("select count(*) from t")
		suffer()
		if after := s.Query("select count(*) from t"); after != before || s.URL() != url {
			t.Errorf("%s: %s rows after %s", name, after, before)
		}
	}
	for on, want := range map[bool]string{true: "on", false: "off"} {
		s.ReadOnly(on) // itself waits until a new session says so
		if got := s.Query("select setting from pg_file_settings where name = 'default_transaction_read_only'"); got != want {
			t.Errorf("read-only %v: the server's configuration says %q", on, got)
		}
	}
	s.Terminate()
	for deadline := time.Now().Add(time.Minute); s.Sessions() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("sessions outlive their end")
		}
	}
}

// TestServerOnADisk: a full disk is one that the server reports.
func TestServerOnADisk(t *testing.T) {
	t.Parallel()
	d := disk.New(t, 200<<20)
	dir := filepath.Join(d.Dir(), "cluster")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := postgres.New(t, postgres.In(dir))
	s.Query("create table t (text text)")
	d.Fill()
	report := s.Query(`do $$ begin
		insert into t select repeat(md5(random()::text), 100) from generate_series(1, 1000);
		raise exception 'it was taken';
	exception when disk_full then end $$; select 'full'`)
	if report != "full" {
		t.Errorf("on a full disk the server says %q", report)
	}
	d.Free()
	s.Query("insert into t values ('there is room')")
}
