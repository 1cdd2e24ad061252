package console

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// OpenBrowser shows a page to the person at the machine: with the program in
// BROWSER, or the system's way to open a page.
func OpenBrowser(ctx context.Context, sys *System, page string) error {
	name, args, err := browser(sys, page)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...) // the browser outlives the command
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open the browser: %w", err)
	}
	go func() { _ = cmd.Wait() }() // it may run for as long as it likes
	return nil
}

// browser returns the command that opens a page.
func browser(sys *System, page string) (name string, args []string, err error) {
	if custom := strings.Fields(sys.Getenv("BROWSER")); len(custom) > 0 {
		args = custom[1:]
		if i := slices.IndexFunc(args, func(arg string) bool { return strings.Contains(arg, "%s") }); i >= 0 {
			args[i] = strings.ReplaceAll(args[i], "%s", page)
			return custom[0], args, nil
		}
		return custom[0], append(args, page), nil
	}
	switch runtime.GOOS {
	case "darwin":
		return "open", []string{page}, nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler", page}, nil
	}
	if sys.Getenv("DISPLAY") == "" && sys.Getenv("WAYLAND_DISPLAY") == "" {
		return "", nil, errors.New("open the browser: there is no desktop session")
	}
	return "xdg-open", []string{page}, nil
}
