//go:build !linux

package disk

import "errors"

var errUnsupported = errors.New("file systems are mounted on Linux only")

func mount(string, int64) error  { return errUnsupported }
func unmount(string) error       { return errUnsupported }
func remount(string, bool) error { return errUnsupported }
func full(error) bool            { return false }
