#pragma once
// The routes: one table for the routing and for the OpenAPI document.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/collections.h"
#include "admin/rest.h"

namespace carillon::admin {

struct Context {
  Service& service;
  Live& live;
  const RestOptions& options;
  const http::Request& request;
  const Collection* collection = nullptr;  // when the path has {collection}
  std::string name;                        // of {name}
};

enum class Access : uint8_t {
  open,    // anybody
  nearby,  // callers on this machine, and whoever has the token
  token,   // whoever has the token, and callers over the UNIX socket
};
enum class Kind : uint8_t { any, added, resettable };  // which collections {collection} stands for

struct QueryParameter {
  std::string_view name, type, help;
};

struct Route {
  std::string_view method;
  std::string_view path;  // with {collection} and {name}
  Access access;
  http::Response (*action)(const Context&);
  std::string_view id;       // operationId; for {collection} a verb, to which the schema's name is appended
  std::string_view summary;  // {label} stands for the entity's
  std::string_view body;     // media type of the request's body, "" for none
  std::string_view schema;   // of the answer: a component, "[]" behind it for a list, "{}" for the entity; "" for none
  std::string_view media;    // type of the answer
  int status;                // of success
  std::span<const QueryParameter> query;
  Kind kind = Kind::any;
};

std::span<const Route> routes();
// Whether {collection} of the route may be this one.
bool takes(const Route& route, const Collection& collection);

struct Match {
  const Route* route = nullptr;  // null: no such path, or not with this method
  const Collection* collection = nullptr;
  std::string name;
  std::vector<std::string_view> allowed;  // methods that the path has
};
Match match(std::string_view method, const http::Request& request);

// Actions: entities.cc
http::Response list_entities(const Context& c);
http::Response get_entity(const Context& c);
http::Response add_entity(const Context& c);
http::Response update_entity(const Context& c);
http::Response remove_entity(const Context& c);
http::Response reset_entity(const Context& c);
// import.cc
http::Response import_csv(const Context& c);
// live.cc
http::Response list_registrations(const Context& c);
http::Response list_refusals(const Context& c);
http::Response list_calls(const Context& c);
http::Response release_call(const Context& c);
// cdrs.cc
http::Response list_cdrs(const Context& c);
http::Response list_subscriptions(const Context& c);
http::Response list_call_backs(const Context& c);
http::Response remove_call_back(const Context& c);
// mwi.cc
http::Response list_mailboxes(const Context& c);
http::Response show_mailbox(const Context& c);
http::Response set_mailbox(const Context& c);
http::Response export_cdrs(const Context& c);
// live.cc
http::Response show_trace(const Context& c);
http::Response show_licence(const Context& c);
http::Response show_status(const Context& c);
http::Response show_metrics(const Context& c);
http::Response show_health(const Context& c);
http::Response show_ready(const Context& c);
// openapi.cc, docs.cc
http::Response show_openapi(const Context& c);
http::Response show_docs(const Context& c);

}  // namespace carillon::admin
