package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
)

// githubCommands are the workflow commands by severity.
var githubCommands = [...]string{diag.Note: "notice", diag.Warning: "warning", diag.Error: "error"}

// GitHub writes ds as workflow commands, one a line, which GitHub shows at the lines of a
// pull request.
func GitHub(w io.Writer, ds diag.List) error {
	b := bufio.NewWriter(w)
	for _, d := range ds {
		fmt.Fprintf(b, "::%s ", githubCommands[d.Severity])
		if d.Span.File != nil {
			p := place(d.Span)
			fmt.Fprintf(b, "file=%s,", githubProperty.Replace(p.File))
			if p.Line > 0 {
				fmt.Fprintf(b, "line=%d,col=%d,", p.Line, p.Column)
				if p.EndLine == p.Line && p.EndColumn > p.Column {
					fmt.Fprintf(b, "endLine=%d,endColumn=%d,", p.EndLine, p.EndColumn-1)
				} else if p.EndLine > p.Line {
					// Columns of several lines are not understood together.
					fmt.Fprintf(b, "endLine=%d,", p.EndLine)
				}
			}
		}
		message := strings.Split(d.Message, "\n")
		if d.Inline != "" {
			message[len(message)-1] += ": " + d.Inline
		}
		for _, l := range d.Labels {
			at := l.Span.Position()
			message = append(message, fmt.Sprintf("%s:%d:%d: %s", at.Path, at.Line, at.Column, l.Text))
		}
		for _, h := range d.Help {
			message = append(message, "help: "+h)
		}
		for i := range message {
			message[i] = clean(message[i])
		}
		title := d.Code.ID
		if d.Code.Slug != title { // a rule of the configuration has one name
			title += " " + d.Code.Slug
		}
		fmt.Fprintf(b, "title=%s::%s\n", githubProperty.Replace(title),
			githubData.Replace(strings.Join(message, "\n")))
	}
	return b.Flush()
}

// What the runner's parser takes for itself, in messages and in properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
