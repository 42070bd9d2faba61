#include "admin/rest/components.h"

namespace carillon::admin {
namespace {

struct FieldRow {
  std::string_view component, name, type, help;
};

// What Live's objects show. Types as in JSON Schema; "time" is a date-time.
constexpr FieldRow kFields[] = {
    {"Registration", "name", "string", "Number and contact: names the row"},
    {"Registration", "number", "string", "Directory number"},
    {"Registration", "phone", "string", "Device name"},
    {"Registration", "digestUser", "string", "End user that identified the phone"},
    {"Registration", "contact", "string", "Contact URI"},
    {"Registration", "source", "string", "Where the REGISTER came from, address and port"},
    {"Registration", "transport", "string", "UDP, TCP or TLS"},
    {"Registration", "userAgent", "string", "What the phone calls itself"},
    {"Registration", "registered", "time", "Since when"},
    {"Registration", "refreshed", "time", "Last refreshed"},
    {"Registration", "expires", "time", "Ends then unless refreshed"},
    {"Registration", "verified", "boolean", "The digest response was verified"},
    {"Registration", "wouldVerify", "string", "yes, no or no-credentials: whether verification could be switched on"},
    {"Refusal", "first", "time", "First such attempt"},
    {"Refusal", "last", "time", "Last such attempt"},
    {"Refusal", "count", "integer", "Attempts folded into this row"},
    {"Refusal", "source", "string", "Where from"},
    {"Refusal", "transport", "string", "UDP, TCP or TLS"},
    {"Refusal", "method", "string", "REGISTER, INVITE …"},
    {"Refusal", "user", "string", "Digest user name that was given"},
    {"Refusal", "number", "string", "Directory number that was given"},
    {"Refusal", "reason", "string", "A word for the reason"},
    {"Refusal", "status", "integer", "SIP status that was answered"},
    {"Refusal", "explanation", "string", "What happened"},
    {"Refusal", "detail", "string", "Facts of this attempt"},
    {"Refusal", "remedy", "string", "What to do"},
    {"Call", "name", "string", "Names the call"},
    {"Call", "state", "string", "Where the call stands"},
    {"Call", "start", "time", "When it began"},
    {"Call", "answer", "time", "When it was answered"},
    {"Call", "callingNumber", "string", "Who calls"},
    {"Call", "callingPhone", "string", "From which phone"},
    {"Call", "calledNumber", "string", "Who is called"},
    {"Call", "calledPhone", "string", "Which phone answered"},
    {"Subscription", "name", "string", "Names the subscription"},
    {"Subscription", "package", "string", "message-summary, dialog or presence"},
    {"Subscription", "number", "string", "Who is watched"},
    {"Subscription", "watcher", "string", "Who watches"},
    {"Subscription", "phone", "string", "From which phone"},
    {"Subscription", "contact", "string", "Where the phone is told"},
    {"Subscription", "state", "string", "active; notifying or due while a NOTIFY is under way; ending"},
    {"Subscription", "since", "time", "When it began"},
    {"Subscription", "expires", "time", "Ends then unless refreshed"},
    {"Subscription", "notifies", "integer", "NOTIFYs sent"},
    {"CallBack", "name", "string", "Names the call-back"},
    {"CallBack", "number", "string", "Who wants to be called back"},
    {"CallBack", "phone", "string", "On which phone"},
    {"CallBack", "target", "string", "The line that is waited for"},
    {"CallBack", "state", "string",
     "waiting: the line is busy or not registered; away: nobody answered there, and it has not been used since; "
     "calling: the two are being called"},
    {"CallBack", "since", "time", "When it was asked for"},
    {"CallBack", "expires", "time", "It is forgotten then"},
    {"Mailbox", "number", "string", "Directory number"},
    {"Mailbox", "waiting", "boolean", "The lamp; on when new or urgentNew is above 0, unless it is said"},
    {"Mailbox", "new", "integer", "New messages"},
    {"Mailbox", "old", "integer", "Messages that were heard"},
    {"Mailbox", "urgentNew", "integer", "Of the new ones, urgent"},
    {"Mailbox", "urgentOld", "integer", "Of those that were heard, urgent"},
    {"Cdr", "name", "string", "Names the record"},
    {"Cdr", "call", "string", "Names the call: the same in all its records, which are more than one after a transfer"},
    {"Cdr", "start", "time", "When it began"},
    {"Cdr", "ringing", "time", "When it rang"},
    {"Cdr", "answer", "time", "When it was answered"},
    {"Cdr", "end", "time", "When it ended"},
    {"Cdr", "callingNumber", "string", "Who called"},
    {"Cdr", "callingPartition", "string", "Partition of that number"},
    {"Cdr", "callingName", "string", "The name shown"},
    {"Cdr", "callingDevice", "string", "From which phone"},
    {"Cdr", "callingUser", "string", "Whose"},
    {"Cdr", "dialled", "string", "As dialled"},
    {"Cdr", "originalCalledNumber", "string", "The number that was reached first"},
    {"Cdr", "originalRedirectReason", "string", "Why that one sent the call on; empty when it did not"},
    {"Cdr", "originalRedirectOnBehalfOf", "string", "By which feature"},
    {"Cdr", "lastRedirectNumber", "string", "The last number that sent the call on"},
    {"Cdr", "lastRedirectReason", "string", "Why"},
    {"Cdr", "lastRedirectOnBehalfOf", "string", "By which feature"},
    {"Cdr", "calledNumber", "string", "The line that it reached"},
    {"Cdr", "calledPartition", "string", "Partition of that number"},
    {"Cdr", "calledDevice", "string", "The phone that answered"},
    {"Cdr", "calledUser", "string", "Whose"},
    {"Cdr", "huntPilot", "string", "The hunt pilot that it came by"},
    {"Cdr", "callingCallId", "string", "SIP Call-ID on the caller's side"},
    {"Cdr", "calledCallId", "string", "SIP Call-ID on the called side"},
    {"Cdr", "callingAddress", "string", "Caller's address and port"},
    {"Cdr", "calledAddress", "string", "Called address and port"},
    {"Cdr", "callingMedia", "string", "Caller's audio address"},
    {"Cdr", "calledMedia", "string", "Called audio address"},
    {"Cdr", "codec", "string", "Audio codec"},
    {"Cdr", "callingVideo", "string", "Caller's video address"},
    {"Cdr", "calledVideo", "string", "Called video address"},
    {"Cdr", "videoCodec", "string", "Video codec"},
    {"Cdr", "sipCode", "integer", "Final answer to the caller"},
    {"Cdr", "cause", "integer", "Q.850 cause"},
    {"Cdr", "disposition", "string", "answered, busy, no-answer, cancelled, failed or recovered"},
    {"Cdr", "endedBy", "string", "caller, callee or system"},
    {"Cdr", "joinedBy", "string", "The feature that brought these two together"},
    {"Cdr", "split", "boolean", "A feature parted these two, and the call went on"},
    {"Cdr", "splitBy", "string", "Which"},
    {"Cdr", "verified", "boolean", "The caller's digest was verified"},
    {"TraceMessage", "sequence", "integer", "In order of keeping"},
    {"TraceMessage", "time", "time", "When it was sent or received"},
    {"TraceMessage", "direction", "string", "in or out"},
    {"TraceMessage", "transport", "string", "UDP, TCP or TLS"},
    {"TraceMessage", "local", "string", "Our address and port"},
    {"TraceMessage", "remote", "string", "The other side's address and port"},
    {"TraceMessage", "callId", "string", "SIP Call-ID"},
    {"TraceMessage", "text", "string", "The message"},
    {"ImportReport", "rows", "integer", "Rows read"},
    {"ImportReport", "added", "integer", "Rows that added something"},
    {"ImportReport", "updated", "integer", "Rows that changed something"},
    {"ImportReport", "unchanged", "integer", "Rows that said what was so already"},
    {"ImportReport", "rejected", "rejected", "Rows that could not be taken"},
    {"ImportReport", "applied", "boolean", "Whether anything was written"},
    {"RejectedRow", "line", "integer", "Of the file, from 1"},
    {"RejectedRow", "reason", "string", "What is wrong with it"},
    {"RejectedRow", "text", "string", "The row as it stands"},
    {"Problem", "type", "string", "URI of the kind of problem"},
    {"Problem", "title", "string", "The status in words"},
    {"Problem", "status", "integer", "HTTP status"},
    {"Problem", "detail", "string", "What is wrong and what to do"},
    {"Problem", "errors", "errors", "Fields that are wrong"},
    {"FieldError", "field", "string", "Name of the field"},
    {"FieldError", "detail", "string", "What is wrong with it"},
    {"Licence", "units", "integer", "Units in use: 3 for a Basic phone, 6 for an Advanced one"},
};

json::object reference_list(std::string_view component) {
  return {{"type", "array"}, {"items", reference_to(component)}};
}

json::object schema_of(const FieldRow& row) {
  json::object out;
  if (row.type == "time") {
    out = {{"type", "string"}, {"format", "date-time"}};
  } else if (row.type == "rejected") {
    out = reference_list("RejectedRow");
  } else if (row.type == "errors") {
    out = reference_list("FieldError");
  } else {
    out = {{"type", std::string(row.type)}};
  }
  out["description"] = std::string(row.help);
  return out;
}

}  // namespace

json::object reference_to(std::string_view component) {
  return {{"$ref", "#/components/schemas/" + std::string(component)}};
}

void add_live_components(json::object& to) {
  for (const auto& row : kFields) {
    auto& component = to[std::string(row.component)];
    if (!component.is_object()) component = json::object{{"type", "object"}, {"properties", json::object{}}};
    component.get_object()["properties"].get_object()[std::string(row.name)] = schema_of(row);
  }
  for (const auto* open : {"Status", "Object"}) to[open] = json::object{{"type", "object"}};
}

}  // namespace carillon::admin
