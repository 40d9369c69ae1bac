package report

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// home is where covetsql's pages are.
const home = "https://github.com/covetsql/covetsql"

// root stands for the folder in which the command runs, in the way that code scanners expect.
const root = "%SRCROOT%"

// unjudged are codes that say that something could not be judged: they are notifications, not results.
var unjudged = map[*diag.Code]bool{
	diag.FileUnreadable: true, diag.DatabaseFailed: true, diag.NotModelled: true, diag.ExplainFailed: true,
	diag.SchemaRefused: true, diag.PlansSkipped: true, diag.GoUnreadable: true, diag.BaselineInvalid: true, diag.InternalError: true,
}

// misconfigured are those about the configuration of the tool.
var misconfigured = map[*diag.Code]bool{diag.ConfigInvalid: true, diag.ConfigUnknownKey: true, diag.RuleInvalid: true, diag.RuleUnknown: true}

// SARIF writes a run in the Static Analysis Results Interchange Format, version 2.1.0 with errata 01. Columns count UTF-16 code units, as
// the form's own default is.
func SARIF(w io.Writer, r Run) error {
	s := &sarifRun{index: map[string]int{}}
	for _, d := range r.Found {
		s.declare(d.Code)
	}
	for _, d := range r.Ignored {
		s.declare(d.Code)
	}
	s.sort()

	invocation := sarif.NewInvocation().WithExecutionSuccessful(!r.Hindered)
	all := slices.Clone(r.Found)
	reasons := map[int]*diag.Ignored{}
	for i := range r.Ignored {
		reasons[len(all)] = &r.Ignored[i]
		all = append(all, r.Ignored[i].Diagnostic)
	}
	prints := diag.Fingerprints(all)
	results := []*sarif.Result{}
	for i, d := range all {
		switch {
		case misconfigured[d.Code]:
			invocation.ToolConfigurationNotifications = append(invocation.ToolConfigurationNotifications, s.notification(d))
		case unjudged[d.Code]:
			invocation.ToolExecutionNotifications = append(invocation.ToolExecutionNotifications, s.notification(d))
		default:
			results = append(results, s.result(d, prints[i], reasons[i]))
		}
	}

	driver := sarif.NewToolComponent().WithName("covetsql").WithInformationURI(home).WithRules(s.rules).WithNotifications(s.notifications)
	if r.Version != "" {
		driver.WithVersion(r.Version)
	}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithInvocations([]*sarif.Invocation{invocation}).
		WithColumnKind("utf16CodeUnits").WithResults(results)
	run.OriginalUriBaseIds = map[string]sarif.ArtifactLocation{
		root: *sarif.NewArtifactLocation().WithDescription(sarif.NewTextMessage("The folder in which covetsql ran.")),
	}
	doc := sarif.NewReport()
	doc.Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	return writeTidy(w, doc.AddRun(run))
}

// sarifRun gathers what a run's tool declares.
type sarifRun struct {
	rules, notifications []*sarif.ReportingDescriptor
	index                map[string]int // of rules, by ID
}

func (s *sarifRun) declare(c *diag.Code) {
	if _, again := s.index[c.ID]; again {
		return
	}
	s.index[c.ID] = 0
	d := sarif.NewReportingDescriptor().WithID(c.ID).WithName(c.Slug).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(c.Severity.String()).WithEnabled(!c.Off))
	if c.Summary != "" {
		d.WithShortDescription(sarif.NewMultiformatMessageString().WithText(c.Summary))
	}
	if page, ok := diag.Page(c.ID); ok {
		page = diag.Readable(page)
		d.WithHelp(sarif.NewMultiformatMessageString().WithText(page).WithMarkdown(page)).WithHelpURI(HelpURI(c))
	}
	if misconfigured[c] || unjudged[c] {
		s.notifications = append(s.notifications, d)
		return
	}
	s.rules = append(s.rules, d)
}

// HelpURI is where a code's page can be read.
func HelpURI(c *diag.Code) string {
	if !c.OfCompiler() {
		return home + "/blob/main/docs/rules/" + c.ID + ".md"
	}
	return home + "/blob/main/compiler/diag/pages/" + c.ID + ".md"
}

func (s *sarifRun) sort() {
	for _, list := range [][]*sarif.ReportingDescriptor{s.rules, s.notifications} {
		slices.SortFunc(list, func(a, b *sarif.ReportingDescriptor) int { return strings.Compare(*a.ID, *b.ID) })
		for i, d := range list {
			s.index[*d.ID] = i
		}
	}
}

func (s *sarifRun) result(d diag.Diagnostic, fingerprint string, ignored *diag.Ignored) *sarif.Result {
	text := valid(d.Message)
	if d.Inline != "" {
		text += ": " + valid(d.Inline)
	}
	for _, h := range d.Help {
		text += "\n" + valid(h)
	}
	out := sarif.NewRuleResult(d.Code.ID).WithRuleIndex(s.index[d.Code.ID]).WithLevel(d.Severity.String()).WithMessage(sarif.NewTextMessage(text)).
		// GitHub knows a finding again by the first of these.
		WithPartialFingerprints(map[string]string{"primaryLocationLineHash": fingerprint, "covetsql/v1": fingerprint})
	if at := sarifLocation(d.Span); at != nil {
		if about := d.About(); about != "" {
			kind := "query"
			if d.Query == "" {
				kind = "declaration"
			}
			at.LogicalLocations = append(at.LogicalLocations, sarif.NewLogicalLocation().WithName(about).WithKind(kind))
		}
		out.Locations = append(out.Locations, at)
	}
	for i, l := range d.Labels {
		if at := sarifLocation(l.Span); at != nil {
			out.RelatedLocations = append(out.RelatedLocations, at.WithID(i+1).WithMessage(sarif.NewTextMessage(valid(l.Text))))
		}
	}
	for _, f := range d.Fixes {
		if fix := sarifFix(f); fix != nil {
			out.Fixes = append(out.Fixes, fix)
		}
	}
	if ignored != nil {
		by := sarif.NewSuppression().WithKind("inSource").WithStatus("accepted")
		if ignored.Baseline {
			by.WithKind("external").WithJustification("in the baseline")
		} else if ignored.Reason != "" {
			by.WithJustification(valid(ignored.Reason))
		}
		out.Suppressions = append(out.Suppressions, by)
	}
	return out
}

func (s *sarifRun) notification(d diag.Diagnostic) *sarif.Notification {
	text := valid(d.Message)
	for _, h := range d.Help {
		text += "\n" + valid(h)
	}
	n := sarif.NewNotification().WithLevel(d.Severity.String()).WithMessage(sarif.NewTextMessage(text)).
		WithDescriptor(sarif.NewReportingDescriptorReference().WithID(d.Code.ID).WithIndex(s.index[d.Code.ID]))
	if at := sarifLocation(d.Span); at != nil {
		n.Locations = append(n.Locations, at)
	}
	return n
}

func sarifFix(f diag.Fix) *sarif.Fix {
	var changes []*sarif.ArtifactChange
	files := map[*source.File]*sarif.ArtifactChange{}
	for _, e := range f.Edits {
		if !hasPlace(e.Span) {
			return nil
		}
		c := files[e.Span.File]
		if c == nil {
			c = sarif.NewArtifactChange().WithArtifactLocation(sarifArtifact(e.Span.File.Path))
			files[e.Span.File] = c
			changes = append(changes, c)
		}
		r := sarif.NewReplacement().WithDeletedRegion(sarifRegion(e.Span))
		if e.New != "" {
			r.WithInsertedContent(sarif.NewArtifactContent().WithText(e.New))
		}
		c.Replacements = append(c.Replacements, r)
	}
	if len(changes) == 0 {
		return nil
	}
	return sarif.NewFix().WithDescription(sarif.NewTextMessage(valid(f.Title))).WithArtifactChanges(changes)
}

func sarifLocation(s source.Span) *sarif.Location {
	if s.File == nil {
		return nil
	}
	at := sarif.NewPhysicalLocation().WithArtifactLocation(sarifArtifact(s.File.Path))
	if hasPlace(s) {
		at.WithRegion(sarifRegion(s))
	}
	return sarif.NewLocation().WithPhysicalLocation(at)
}

func sarifRegion(s source.Span) *sarif.Region {
	line, column := s.File.UTF16(int(s.Start))
	endLine, endColumn := s.File.UTF16(int(s.End))
	return sarif.NewRegion().WithStartLine(line + 1).WithStartColumn(column + 1).WithEndLine(endLine + 1).WithEndColumn(endColumn + 1)
}

func sarifArtifact(name string) *sarif.ArtifactLocation {
	a := sarif.NewArtifactLocation()
	slash := filepath.ToSlash(name)
	if filepath.IsAbs(name) {
		if !strings.HasPrefix(slash, "/") { // a drive of Windows
			slash = "/" + slash
		}
		return a.WithURI((&url.URL{Scheme: "file", Path: slash}).String())
	}
	return a.WithURI((&url.URL{Path: strings.ToValidUTF8(path.Clean(slash), "\ufffd")}).String()).WithURIBaseID(root)
}

// writeTidy writes a document without what says nothing: the library writes empty lists, and -1 for numbers that are not given.
func writeTidy(w io.Writer, doc any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(tidy(v))
}

func tidy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			value = tidy(value)
			v[key] = value
			list, isList := value.([]any)
			object, isObject := value.(map[string]any)
			switch {
			case value == nil, isList && len(list) == 0 && key != "results", isObject && len(object) == 0 && key != "driver", value == json.Number("-1"):
				delete(v, key)
			case key == "isComprehensive" && value == false, key == "language" && value == "en-US", key == "kind" && value == "fail":
				delete(v, key) // as the form has them where they are not given
			}
		}
	case []any:
		for i := range v {
			v[i] = tidy(v[i])
		}
	}
	return v
}
