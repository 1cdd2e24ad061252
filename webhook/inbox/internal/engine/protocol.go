package engine

import "log/slog"

// A server that is a program of its own reads a Request, one line of JSON, from
// its standard input, and ends when that input does: it never outlives the
// process that started it. It writes Messages, one a line, to standard output.

// Request says which folder to serve.
type Request struct {
	Protocol int    `json:"protocol"`
	Dir      string `json:"dir"`
	Port     int    `json:"port"`
	Token    string `json:"token"`
}

// Protocol is the version of what both sides say.
const Protocol = 1

// Message is what the program tells: that it is ready, that it failed, or a line
// of its log.
type Message struct {
	Ready *Ready `json:"ready,omitempty"`
	Error string `json:"error,omitempty"`
	Log   *Line  `json:"log,omitempty"`
}

// Line is a line of the log.
type Line struct {
	Level slog.Level `json:"level"`
	Text  string     `json:"text"`
}

// Ready says where the server is.
type Ready struct {
	URL  string `json:"url"`
	Port int    `json:"port"`
}
