using Microsoft.AspNetCore.Routing.Constraints;

namespace Dbaas.TroveApi.Http;

/// <summary><c>{mask:mask}</c> in a route: what is behind the slash in the name of a user's network.</summary>
internal sealed class MaskConstraint() : RegexRouteConstraint(RawPath.Mask());
