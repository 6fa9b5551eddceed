namespace Dbaas.Persistence.Dialects;

/// <summary>Which of several nodes a connection is made to.</summary>
public enum NodeChoice
{
    /// <summary>The first of the list that works: all processes write on one node, and seldom get in each other's way.</summary>
    PreferFirst,

    /// <summary>All in turn: reads are spread, and more units run again because another node's came first.</summary>
    Spread,
}
