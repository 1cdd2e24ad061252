package sandbox

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// checkHost refuses a request to the control endpoints whose host is a name
// that nobody vouched for. A page of another site whose name is made to lead
// to this machine (DNS rebinding) would otherwise be of the same origin as the
// sandbox and read its secrets; it cannot choose to be an address or localhost.
func (s *Sandbox) checkHost(r *http.Request) error {
	host := hostName(r.Host)
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || slices.Contains(s.config.Hosts, host) {
		return nil
	}
	return fmt.Errorf("the control endpoints do not answer for the host %q: use an address such as 127.0.0.1 or localhost, or start with ttshop sandbox --host NAME (in Go Config.Hosts)", host)
}

// hostName returns the name or address of a host header in the form in which
// names are compared: without port, brackets, a dot at the end and capitals.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host = strings.TrimSuffix(inner, "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// controlHosts returns names as checkHost compares them.
func controlHosts(names []string) ([]string, error) {
	var hosts []string
	for _, name := range names {
		host := hostName(name)
		if host == "" || strings.ContainsAny(name, ":/*@ \t\r\n[]") {
			return nil, fmt.Errorf("sandbox: host %q, want a host name without scheme and port, such as sandbox.internal", name)
		}
		hosts = append(hosts, host)
	}
	return hosts, nil
}
