package inbox_test

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/ttshop-go/ttshop/webhook/inbox"
)

// node configures a NATS server in a process of its own.
type node struct {
	Name    string
	Port    int
	Cluster int // port
	Routes  string
	Dir     string
}

// runNode is a NATS server that runs until it is killed or asked to end.
func runNode(config string) error {
	var n node
	if err := json.Unmarshal([]byte(config), &n); err != nil {
		return err
	}
	ns, err := server.NewServer(&server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Dir, SyncAlways: true, NoSigs: true, NoLog: true,
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: n.Cluster}, Routes: server.RoutesFromStr(n.Routes),
	})
	if err != nil {
		return err
	}
	ns.Start()
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	ns.Shutdown()
	return nil
}

func (n node) start(t *testing.T) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), nodeConfig+"="+string(config))
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// freePorts returns ports that were free a moment ago.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // not before all are found
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// startCluster starts three nodes and returns their addresses, and a function
// that kills a node.
func startCluster(t *testing.T) (address string, kill func(i int)) {
	t.Helper()
	ports := freePorts(t, 6)
	var routes, urls []string
	for i := range 3 {
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[3+i]))
	}
	var nodes []*exec.Cmd
	for i := range 3 {
		nodes = append(nodes, node{
			Name: fmt.Sprint("n", i), Port: ports[i], Cluster: ports[3+i], Routes: strings.Join(routes, ","), Dir: t.TempDir(),
		}.start(t))
	}
	kill = func(i int) {
		if nodes[i] != nil {
			_ = nodes[i].Process.Kill() // Wait tells if it ended by itself
			_ = nodes[i].Wait()
			nodes[i] = nil
		}
	}
	t.Cleanup(func() {
		for i := range nodes {
			kill(i)
		}
	})
	for _, port := range ports[:3] {
		eventually(t, "the nodes listen", func() bool {
			conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
			if err == nil {
				conn.Close()
			}
			return err == nil
		})
	}
	return strings.Join(urls, ","), kill
}

// The receiver is killed, and in the middle the node that leads the stream is.
func TestCluster(t *testing.T) {
	t.Parallel()
	address, kill := startCluster(t)
	killReceiver(t, address, 1000, 2, func(i int) {
		if i == 0 {
			kill(leader(t, address))
		}
	})
}

// leader returns the node that leads the stream of the events.
func leader(t *testing.T, address string) int {
	t.Helper()
	conn, err := nats.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), inbox.DefaultPrefix+"_events")
	if err != nil {
		t.Fatal(err)
	}
	info := stream.CachedInfo()
	if info.Config.Replicas != 3 {
		t.Errorf("the events have %d replicas, want 3", info.Config.Replicas)
	}
	var n int
	if _, err := fmt.Sscanf(info.Cluster.Leader, "n%d", &n); err != nil {
		t.Fatalf("leader %q: %v", info.Cluster.Leader, err)
	}
	return n
}

// The same on the NATS server of the machine.
func TestKilledReceiverExternal(t *testing.T) {
	t.Parallel()
	needExternal(t)
	prefix := "ttshoptest_" + strings.ReplaceAll(t.Name(), "/", "_") + fmt.Sprint(time.Now().UnixNano())
	t.Cleanup(func() { removeStreams(t, "nats://"+external, prefix) })
	killReceiver(t, "nats://"+external+"?prefix="+prefix, 1000, 2, nil)
}
