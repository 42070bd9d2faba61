#pragma once
// The entities that an administrator configures, by the names of docs (CUCM's). Each entity's own file holds the struct
// and its description (`schema<T>`); everything else (table, REST, OpenAPI, command line, CSV) is a fold over that.

#include "config/entities/call_park.h"
#include "config/entities/call_pickup_group.h"
#include "config/entities/caller_filter.h"
#include "config/entities/calling_search_space.h"
#include "config/entities/device_pool.h"
#include "config/entities/feature_code.h"
#include "config/entities/hunt_list.h"
#include "config/entities/hunt_pilot.h"
#include "config/entities/line.h"
#include "config/entities/line_group.h"
#include "config/entities/location.h"
#include "config/entities/partition.h"
#include "config/entities/phone.h"
#include "config/entities/phone_security_profile.h"
#include "config/entities/presence_group.h"
#include "config/entities/region.h"
#include "config/entities/service_parameters.h"
#include "config/entities/sip_profile.h"
#include "config/entities/user.h"
