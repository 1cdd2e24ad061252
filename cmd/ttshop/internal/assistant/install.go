package assistant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/policy"
)

// host is a program that assistants live in.
type host struct {
	name    string
	member  string // of the JSON that has the servers; empty: TOML
	typed   bool   // a server says that it is of the type stdio
	project string // file in the project's folder; empty: it has none
	home    func(home string) string
}

// hosts are those whose configuration is known.
func hosts() []host {
	in := func(parts ...string) func(string) string {
		return func(home string) string { return filepath.Join(append([]string{home}, parts...)...) }
	}
	return []host{
		{name: "claude-code", member: "mcpServers", typed: true, project: ".mcp.json"},
		{name: "claude-desktop", member: "mcpServers", home: desktop},
		{name: "codex", home: in(".codex", "config.toml")},
		{name: "cursor", member: "mcpServers", project: filepath.Join(".cursor", "mcp.json"), home: in(".cursor", "mcp.json")},
		{name: "gemini-cli", member: "mcpServers", project: filepath.Join(".gemini", "settings.json"), home: in(".gemini", "settings.json")},
		{name: "vscode", member: "servers", typed: true, project: filepath.Join(".vscode", "mcp.json")},
	}
}

// desktop is where Claude Desktop has its configuration.
func desktop(home string) string {
	const file = "claude_desktop_config.json"
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Claude", file)
	case "windows":
		return filepath.Join(home, "AppData", "Roaming", "Claude", file)
	}
	return filepath.Join(home, ".config", "Claude", file)
}

// installOptions are the options of ttshop mcp install.
type installOptions struct {
	Write   bool
	File    string
	Name    string
	Command string
}

func newInstallCmd(sys *platform.Session) *cobra.Command {
	var o installOptions
	var names []string
	for _, h := range hosts() {
		names = append(names, h.name)
	}
	cmd := &cobra.Command{
		Use:   "install HOST [-- FLAGS]",
		Short: "Print or write the configuration of an assistant's host",
		Long: `Print what goes into the configuration of an assistant's host so that it starts
"ttshop mcp" with the flags after --, or write it there with --write: other
servers and settings stay.

Hosts: ` + strings.Join(names, ", ") + `.

No secret goes into the file: the server reads the profile, or a key from a file
that --key-file names.`,
		Example: `  ttshop mcp install claude-code -- --sandbox
  ttshop mcp install cursor --write -- --key-file /home/me/.ttshop-key`,
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || cmd.ArgsLenAtDash() == 0 {
				return console.Usagef("ttshop mcp install needs a host: %s", strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return o.run(sys, args[0], args[1:]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.Write, "write", false, "write it into the host's file")
	flags.StringVar(&o.File, "file", "", "the host's `FILE`; default: that of the project or, where the host has none, of the user")
	flags.StringVar(&o.Name, "name", "ttshop", "`NAME` of the server in the host")
	flags.StringVar(&o.Command, "command", "ttshop", "`COMMAND` that the host starts; its path where the host does not find it")
	return cmd
}

func (o *installOptions) run(sys *platform.Session, name string, args []string) error {
	all := hosts()
	i := slices.IndexFunc(all, func(h host) bool { return h.name == name })
	if i < 0 {
		var names []string
		for _, h := range all {
			names = append(names, h.name)
		}
		return console.Usagef("the host %q is not known; known are %s, and others take what these take", name, strings.Join(names, ", "))
	}
	h := all[i]
	if err := checkArgs(args); err != nil {
		return err
	}
	args = append([]string{"mcp"}, args...)
	if !o.Write {
		if h.member == "" {
			_, err := fmt.Fprint(sys.Out, o.toml(args))
			return err
		}
		return console.WriteJSON(sys.Out, map[string]any{h.member: map[string]any{o.Name: o.entry(h, args)}})
	}
	file, err := o.file(h)
	if err != nil {
		return err
	}
	if err := o.write(h, file, args); err != nil {
		return err
	}
	_, err = fmt.Fprintf(sys.Out, "%s now starts ttshop mcp, see %s. Start it again.\n", h.name, sys.Tilde(file))
	return err
}

// checkArgs refuses flags that the server does not have, and those that are secrets.
func checkArgs(args []string) error {
	for _, arg := range args {
		if strings.Contains(arg, policy.Prefix) || arg == "--secret" || strings.HasPrefix(arg, "--secret=") {
			return console.Usagef("a secret does not go into a host's file; use --key-file or --secret-file")
		}
	}
	cmd := NewCmd(platform.NewSession(new(console.System)))
	if err := cmd.ParseFlags(args); err != nil {
		return console.Usagef("ttshop mcp does not take these flags: %w", err)
	}
	if rest := cmd.Flags().Args(); len(rest) > 0 {
		return console.Usagef("ttshop mcp takes no arguments, such as %q", rest[0])
	}
	return nil
}

// entry is the server in the configuration of a host.
func (o *installOptions) entry(h host, args []string) map[string]any {
	entry := map[string]any{"command": o.Command, "args": args}
	if h.typed {
		entry["type"] = "stdio"
	}
	return entry
}

// file returns the file of a host.
func (o *installOptions) file(h host) (string, error) {
	if o.File != "" {
		return o.File, nil
	}
	if h.project != "" {
		return h.project, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", console.Usagef("there is no home folder; name the file with --file")
	}
	return h.home(home), nil
}

// write puts the server into the file of a host.
func (o *installOptions) write(h host, file string, args []string) error {
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var after []byte
	if h.member == "" {
		if bytes.Contains(before, []byte("[mcp_servers."+o.Name+"]")) {
			return fmt.Errorf("%s has a server %s already; edit it there, or use --name", file, o.Name)
		}
		after = append(before, o.toml(args)...)
	} else if after, err = o.merged(h, file, before, args); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	temporary := file + ".new"
	if err := os.WriteFile(temporary, after, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, file)
}

// merged adds the server to a file in JSON, whose other members stay.
func (o *installOptions) merged(h host, file string, before []byte, args []string) ([]byte, error) {
	whole := map[string]any{}
	if len(bytes.TrimSpace(before)) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(before))
		decoder.UseNumber()
		if err := decoder.Decode(&whole); err != nil {
			return nil, fmt.Errorf("%s is not JSON, or has comments; put this into it by hand: ttshop mcp install %s: %w", file, h.name, err)
		}
	}
	servers, ok := whole[h.member].(map[string]any)
	if !ok {
		if whole[h.member] != nil {
			return nil, fmt.Errorf("%s of %s is not an object", h.member, file)
		}
		servers = map[string]any{}
	}
	servers[o.Name] = o.entry(h, args)
	whole[h.member] = servers
	after, err := json.MarshalIndent(whole, "", "  ")
	return append(after, '\n'), err
}

// toml is the server in the configuration of a host that has TOML.
func (o *installOptions) toml(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = strconv.Quote(arg)
	}
	return fmt.Sprintf("\n[mcp_servers.%s]\ncommand = %s\nargs = [%s]\n", o.Name, strconv.Quote(o.Command), strings.Join(quoted, ", "))
}
