// Package paste reads requests out of what people paste: curl command lines of
// bash, cmd and PowerShell, Invoke-WebRequest, calls of fetch, axios and Python's
// requests, the text of an HTTP request, a HAR file or one of its entries, a line
// of a log around a URL, and a webhook's body with its Authorization header.
//
// [Read] looks at the text and says what it found. It evaluates nothing: where the
// text holds a variable whose value is not in it, the error names the variable. No
// error shows the value of a header, of a parameter or of a body.
package paste
